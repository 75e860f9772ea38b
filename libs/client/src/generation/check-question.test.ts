import { type ArchgenError, invalidArgument } from "@archgen/errors";
import { expect, test } from "vitest";
import { inOptions } from "./check-question.js";

test.each([
	["target.size", "--input"],
	["topK", "--top"],
	["spec.input_size", "--input"],
	["evolution_job.spec.class_count", "--classes"],
	["constraints.max_parameter_count", "--max-parameter-count"],
	["spec.constraints.min_flop_count", "--min-flop-count"],
	["constraints.maxMacCount", "--max-mac-count"],
	["maxLatencyMs", "--max-latency-ms"],
	["latency_table.entries[3].ms", "--latency-table entries[3].ms"],
	["evaluationCount", "--evaluations"],
	["evolution_job.spec.scoring_batch_size", "--scoring-batch"],
	["evolution_job_id", "--id"],
	["model_version", "--model-version"],
])("the field %s is said as %s", (field, option) => {
	const error = inOptions(invalidArgument(field, "is wrong")) as ArchgenError;
	expect(error.message).toBe(`${option} is wrong`);
	expect(error.violations).toEqual([{ field: option, description: "is wrong" }]);
});

test("other fields and errors stay what they are", () => {
	for (const error of [invalidArgument("name", "is wrong"), new Error("other")])
		expect(inOptions(error)).toBe(error);
});
