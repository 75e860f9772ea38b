import { createRandom } from "@archgen/random";
import { orchestrator } from "@archgen/rpc";
import { alphaNetwork, countNetwork, networkToJson, randomCell } from "@archgen/search-space";
import { countsToMessage, marginsToMessages, networkToMessage } from "@archgen/wire";
import { expect, test } from "vitest";
import { answerFromMessage } from "./answer.js";
import { describeAnswer } from "./describe-answer.js";

const network = alphaNetwork(randomCell(createRandom(4)));
const counts = countNetwork(network);
const limit = counts.flopCount * 2;
const margins = { maxFlopCount: { limit, value: counts.flopCount, slack: counts.flopCount, relative: 0.5 } };
const message = {
	network: networkToMessage(network),
	counts: countsToMessage(counts),
	margins: marginsToMessages(margins),
};

test("a result becomes an answer in the domain's terms", () => {
	const result = orchestrator.GenerationResult.fromPartial({
		networks: [{ ...message, scores: { tcet: 12345.6 } }],
		generatedCount: 3,
		feasibleCount: 1,
		dropped: [{ reason: "duplicate", count: 2 }],
		timings: [{ step: orchestrator.GenerationStep.GENERATION_STEP_SCORING, elapsedSeconds: 1.5 }],
		provenance: { seed: 7n, modelVersions: { gvae: { name: "default", version: "1" } } },
	});
	const answer = answerFromMessage(result);
	expect(answer.networks[0]).toMatchObject({
		rank: 1,
		network: networkToJson(network),
		counts,
		scores: { tcet: 12345.6 },
	});
	expect(answer.networks[0]!.margins.maxFlopCount).toEqual({ limit, value: counts.flopCount, relative: 0.5 });
	expect(answer).toMatchObject({
		generated: 3,
		feasible: 1,
		screened: 0,
		dropped: { duplicate: 2 },
		seconds: { scoring: 1.5 },
	});
	expect(answer.provenance).toMatchObject({ seed: 7, modelVersions: { gvae: "default 1" } });
	expect(() => JSON.stringify(answer)).not.toThrow();
	expect(describeAnswer(answer)).toContain("50.0 %");
});

test("nothing found is an answer with its reason", () => {
	const result = orchestrator.GenerationResult.fromPartial({
		closest: message,
		reason: "None met the constraint.",
	});
	const answer = answerFromMessage(result);
	expect(answer.networks).toEqual([]);
	expect(answer.closest?.counts).toEqual(counts);
	expect(describeAnswer(answer)).toMatch(/^None met the constraint\.\nClosest: /);
});
