import { setTimeout as sleep } from "node:timers/promises";
import {
	type CellGenerator,
	checkConstraints,
	type NetworkScorer,
	type SequenceGenerator,
} from "@archgen/design";
import { type GenerationResult, generate } from "@archgen/generation";
import { createRandom } from "@archgen/random";
import { countNetwork, networkHash, randomCell, validateNetwork } from "@archgen/search-space";
import { expect, it } from "vitest";
import { type Refinement, refine } from "./refine.js";

const request = {
	target: { size: 32, classes: 10 },
	constraints: { maxParameterCount: 200_000 },
	candidates: 20,
	topK: 20,
	seed: 3,
};

const sequences: SequenceGenerator = {
	version: "sequences",
	sample: async ({ count, seed }) => {
		const random = createRandom(seed);
		return Array.from({ length: count }, () => ({
			stages: [8, 16, 24].map((channels, cluster) => ({
				cluster,
				channels,
				stride: 2 as const,
				repeats: 1 + random.integer(2),
			})),
			finalChannels: 64,
		}));
	},
};
const synonyms: CellGenerator = {
	version: "synonyms",
	sample: async (requests, random) => requests.map(() => randomCell(random)),
};

/** Scores with the number of layers, slower ones first, and counts what it is asked. */
function layerScorer() {
	const asked: string[] = [];
	const scorer: NetworkScorer = {
		version: "layers",
		score: async (network) => {
			const hash = networkHash(network);
			asked.push(hash);
			await new Promise((resolve) => setTimeout(resolve, Number.parseInt(hash.slice(0, 1), 16) % 3));
			const { layerCount } = countNetwork(network);
			return { ok: true, parts: [layerCount], values: { layers: layerCount } };
		},
	};
	return { scorer, asked };
}

const now = () => performance.now();
const generated = (scorer: NetworkScorer): Promise<GenerationResult> =>
	generate(request, { sequences, synonyms, scorer, now });
const wish: Refinement = { ...request, topK: 5, evaluations: 200 };

it("finds better networks inside the bounds and scores none of the generated ones again", async () => {
	const { scorer, asked } = layerScorer();
	const before = await generated(scorer);
	const after = await refine(before, wish, { scorer, now });
	expect(after.networks).toHaveLength(5);
	expect(after.networks[0]!.score).toBeGreaterThan(before.networks[0]!.score * 1.2);
	expect(new Set(asked).size).toBe(asked.length);
	expect(asked).toHaveLength(200);
	expect(after.quality.map(({ evaluations }) => evaluations)).toEqual([10, 25, 50, 100, 200]);
	expect(after.quality.at(-1)!.best).toBe(after.networks[0]!.score);
	for (const { network, counts, hash, score, values, margins, origins, rank } of after.networks) {
		expect(counts).toEqual(countNetwork(validateNetwork(network)));
		expect(hash).toBe(networkHash(network));
		expect([score, values.layers]).toEqual([counts.layerCount, counts.layerCount]);
		expect(margins).toEqual(checkConstraints(counts, request.constraints).margins);
		expect(checkConstraints(counts, request.constraints).satisfied).toBe(true);
		expect(origins).toHaveLength(network.stages.length);
		expect(after.networks[rank - 1]!.hash).toBe(hash);
	}
	expect(after.networks.flatMap(({ origins }) => origins)).toContain("edit");
});

it("gives the same answer however long evaluations take", async () => {
	const { scorer } = layerScorer();
	const before = await generated(scorer);
	const once = await refine(before, wish, { scorer, now });
	const { scorer: quick, asked } = layerScorer();
	const halting: NetworkScorer = {
		version: "layers",
		// Now and then so slow that all others in flight are done before it.
		score: async (network) => {
			const outcome = await quick.score(network);
			await sleep(asked.length % 8 === 0 ? 30 : 0);
			return outcome;
		},
	};
	const again = await refine(before, wish, { scorer: halting, now });
	expect({ ...again, timings: null }).toEqual({ ...once, timings: null });
});

it("answers with the best so far when its time is over, and ends without an answer when cancelled", async () => {
	const { scorer, asked } = layerScorer();
	const before = await generated(scorer);
	const finish = new AbortController();
	const onProgress = (evaluated: number) => {
		if (evaluated >= 60) finish.abort();
	};
	const cut = await refine(
		before,
		{ ...wish, evaluations: 5000, finish: finish.signal },
		{ scorer, now, onProgress },
	);
	expect(cut.networks).toHaveLength(5);
	expect(asked.length).toBeLessThan(100);
	const signal = AbortSignal.abort();
	await expect(refine(before, wish, { scorer, now, signal })).rejects.toMatchObject({ reason: "CANCELLED" });
});

it("drops networks that the caller rejects", async () => {
	const { scorer } = layerScorer();
	const before = await generated(scorer);
	const reject = (network: Parameters<typeof countNetwork>[0]) =>
		countNetwork(network).layerCount > 60 ? "constraint:maxLatencyMs" : undefined;
	const after = await refine(before, wish, { scorer, now, reject });
	const best = Math.max(60, before.networks[0]!.score);
	expect(after.networks.every(({ score }) => score <= best)).toBe(true);
});

it("leaves an answer as it is when nothing is left to evaluate", async () => {
	const { scorer } = layerScorer();
	const before = await generated(scorer);
	const after = await refine(before, { ...wish, evaluations: 20 }, { scorer, now });
	expect(after).toEqual({ ...before, networks: before.networks.slice(0, 5) });
});
