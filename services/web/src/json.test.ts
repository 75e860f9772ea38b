import { expect, test } from "vitest";
import { messageFromJson, messageToJson } from "./json.js";
import { registry } from "./protocol.js";

const message = (name: string) => registry.getMessage(name)!;
const REQUEST = message("archgen.orchestrator.v1.GenerateNetworksRequest");
const BATCH = message("archgen.zcproxy.v1.EvaluateBatchRequest");

test("both spellings of a field are read; defaults, 64-bit numbers and enums are written", () => {
	const json = { spec: { input_size: 32, classCount: 10, constraints: { maxFlopCount: "1000000000000" } } };
	expect(messageToJson(REQUEST, messageFromJson(REQUEST, json))).toMatchObject({
		spec: {
			inputSize: 32,
			classCount: 10,
			constraints: { maxFlopCount: "1000000000000" },
			seed: "0",
			skipScoring: false,
			modelVersion: "",
		},
		requestId: "",
	});
	expect(messageToJson(BATCH, messageFromJson(BATCH, {}))).toEqual({ items: [], requestId: "" });
});

test("a reply inside google.protobuf.Any is written out", () => {
	const operation = message("google.longrunning.Operation");
	const json = {
		name: "operations/evolutionJobs/a/runs/1",
		done: true,
		response: {
			"@type": "type.googleapis.com/archgen.orchestrator.v1.EvolutionJob",
			name: "evolutionJobs/a",
			state: "EVOLUTION_JOB_STATE_SUCCEEDED",
		},
	};
	expect(messageToJson(operation, messageFromJson(operation, json))).toMatchObject(json);
});

test.each([
	[REQUEST, { spec: { inputSize: -1 } }, "spec.input_size"],
	[REQUEST, { spec: { inputSise: 32 } }, "spec.inputSise"],
	[REQUEST, { spec: { constraints: { maxFlopCount: "450M" } } }, "spec.constraints.max_flop_count"],
	[REQUEST, { spec: 3 }, "spec"],
	[REQUEST, [], "body"],
	[REQUEST, "text", "body"],
	[
		BATCH,
		{ items: [{}, { network: { stages: [{ repeats: "two" }] } }] },
		"items[1].network.stages[0].repeats",
	],
	[BATCH, { items: [{ cell: {}, network: {} }] }, "items"],
	[BATCH, { items: {} }, "items"],
])("%s: %j is refused for %s", (schema, json, field) => {
	expect(() => messageFromJson(schema, json)).toThrow(
		expect.objectContaining({
			category: "INVALID_ARGUMENT",
			violations: [expect.objectContaining({ field })],
		}),
	);
});
