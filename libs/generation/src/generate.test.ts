import {
	type CellGenerator,
	checkConstraints,
	type NetworkScorer,
	type SequenceRequest,
} from "@archgen/design";
import { createRandom } from "@archgen/random";
import { countNetwork, networkHash, randomCell, validateNetwork } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Provenance } from "./candidate.js";
import { type GenerationProgress, generate, MAX_TOP_UPS } from "./generate.js";
import {
	dependencies,
	FIXED_SEQUENCE,
	HASH_SCORER,
	RANDOM_SYNONYMS,
	randomSequences,
} from "./testing.suite.js";

const request = { target: { size: 32, classes: 10 }, constraints: {}, candidates: 20, topK: 20 };
const bound = (low: number, high: number) =>
	fc.option(fc.integer({ min: low, max: high }), { nil: undefined });
const constraintSets = fc.record(
	{
		maxParameterCount: bound(5_000, 200_000),
		maxMacCount: bound(1_000_000, 20_000_000),
		maxFlopCount: bound(2_000_000, 400_000_000),
		minParameterCount: bound(100, 4_000),
		minFlopCount: bound(100_000, 1_900_000),
	},
	{ requiredKeys: [] },
);

describe("what is returned", () => {
	it("satisfies every constraint by recount, is valid, distinct and ranked, or comes with reason and closest", async () => {
		await fc.assert(
			fc.asyncProperty(
				constraintSets,
				fc.nat(),
				fc.integer({ min: 1, max: 25 }),
				async (constraints, seed, topK) => {
					const result = await generate(
						{ ...request, constraints, seed, candidates: 25, topK },
						dependencies(),
					);
					expect(result.networks.length).toBe(Math.min(topK, result.feasible));
					for (const { network, counts, hash, margins } of result.networks) {
						const recount = countNetwork(validateNetwork(network));
						expect(counts).toEqual(recount);
						expect(hash).toBe(networkHash(network));
						const check = checkConstraints(recount, constraints);
						expect([check.satisfied, check.margins]).toEqual([true, margins]);
					}
					const scores = result.networks.map(({ score }) => score);
					expect(scores).toEqual([...scores].sort((a, b) => b - a));
					expect(new Set(result.networks.map(({ hash }) => hash)).size).toBe(result.networks.length);
					expect(result.networks.map(({ rank }) => rank)).toEqual(result.networks.map((_, i) => i + 1));
					expect(result.reason === null).toBe(result.networks.length > 0);
					expect(result.closest !== null).toBe(result.feasible === 0);
					const dropped = Object.values(result.dropped).reduce((sum, count) => sum + count, 0);
					expect(result.feasible + dropped).toBe(result.drawn);
				},
			),
			{ numRuns: 12 },
		);
	});

	it("is the same for the same seed and another for another", async () => {
		const answer = (seed: number) => generate({ ...request, seed }, dependencies());
		expect(await answer(4)).toEqual(await answer(4));
		expect((await answer(4)).networks[0]!.hash).not.toBe((await answer(5)).networks[0]!.hash);
	});

	it("is chosen among the candidates of the best prediction, where there is one", async () => {
		const asked: string[] = [];
		const scorer: NetworkScorer = {
			...HASH_SCORER,
			score: async (network) => {
				asked.push(networkHash(network));
				return HASH_SCORER.score(network);
			},
		};
		const predict = (network: Parameters<typeof countNetwork>[0]) => -countNetwork(network).parameterCount;
		const all = await generate(request, dependencies());
		const some = await generate(
			{ ...request, topK: 5, scoredCandidates: 8 },
			{ ...dependencies(), scorer, predict },
		);
		const smallest = [...all.networks].sort((a, b) => a.counts.parameterCount - b.counts.parameterCount);
		expect(asked.sort()).toEqual(
			smallest
				.slice(0, 8)
				.map(({ hash }) => hash)
				.sort(),
		);
		expect([some.feasible, some.screened, some.scores.length]).toEqual([20, 12, 8]);
		const best = all.networks.filter(({ hash }) => asked.includes(hash)).slice(0, 5);
		expect(some.networks.map(({ hash }) => hash)).toEqual(best.map(({ hash }) => hash));
		expect(all.screened).toBe(0);
	});

	it("is the best of all candidates, whatever the order in which scores arrive", async () => {
		const reversed: NetworkScorer = {
			...HASH_SCORER,
			score: async (network) => {
				for (let turn = 4; turn > network.finalChannels! % 5; turn--) await Promise.resolve();
				return HASH_SCORER.score(network);
			},
		};
		const all = await generate({ ...request, topK: 20 }, dependencies());
		const best = await generate({ ...request, topK: 6 }, dependencies({ scorer: reversed }));
		expect(best.networks).toEqual(all.networks.slice(0, 6));
	});

	it("carries counts, margins, scores, provenance, seed and versions", async () => {
		const constraints = { maxFlopCount: 30_000_000 };
		const result = await generate({ ...request, constraints, seed: 9 }, dependencies());
		expect(result).toMatchObject({
			seed: 9,
			versions: { sequences: "sequences-1", synonyms: "synonyms-1", scorer: "scorer-1" },
		});
		const [{ network, margins, provenance, counts, values, origins }] = result.networks as [
			(typeof result.networks)[0],
		];
		expect(margins.maxFlopCount).toMatchObject({ limit: 30_000_000, slack: 30_000_000 - counts.flopCount });
		expect(values).toHaveProperty("naswot");
		expect(origins).toEqual(network.stages.map(() => "flow"));
		expect(provenance.sequence.stages.map(({ channels }) => channels)).toEqual(
			network.stages.map(({ channels }) => channels),
		);
		// The fake clock ticks once for each reading: each step of each round takes one.
		expect(result.timings).toEqual({
			sequences: result.rounds,
			cells: result.rounds,
			counting: result.rounds,
			scoring: 1,
			refining: 0,
		});
	});
});

describe("drawing", () => {
	it("makes N candidates from N/4 sequences with one batched draw of cells", async () => {
		const batches: number[] = [];
		const wanted: number[] = [];
		const { sequences } = dependencies();
		const synonyms: CellGenerator = {
			version: "s",
			sample: async (requests, random) => {
				batches.push(requests.length);
				return RANDOM_SYNONYMS.sample(requests, random);
			},
		};
		const counting = {
			version: "c",
			sample: async (batch: SequenceRequest) => {
				wanted.push(batch.count);
				return sequences.sample(batch);
			},
		};
		const result = await generate(request, dependencies({ sequences: counting, synonyms }));
		expect([result.rounds, wanted, batches.length]).toEqual([1, [5], 1]);
		const uses = new Map<string, number>();
		for (const { provenance } of result.networks) {
			const key = JSON.stringify(provenance.sequence);
			uses.set(key, (uses.get(key) ?? 0) + 1);
		}
		expect([...uses.values()]).toEqual([4, 4, 4, 4, 4]);
	});

	it("asks for synonyms of exemplars where stages name them, and follows the temperatures of the request", async () => {
		const exemplar = randomCell(createRandom(9));
		const [stage] = FIXED_SEQUENCE.stages;
		const written: SequenceRequest[] = [];
		const sequences = {
			version: "e",
			sample: async (batch: SequenceRequest) => {
				written.push(batch);
				return [{ ...FIXED_SEQUENCE, stages: [stage!, { ...stage!, exemplar }] }];
			},
		};
		const asked: unknown[] = [];
		const synonyms: CellGenerator = {
			version: "s",
			sample: async (requests, random, options) => {
				asked.push(requests.slice(0, 2), options?.temperatures);
				return RANDOM_SYNONYMS.sample(requests, random);
			},
		};
		const wishes = { temperature: 0.7, sequenceTemperature: 0.3, drawsPerSequence: 10 };
		const { networks } = await generate({ ...request, ...wishes }, dependencies({ sequences, synonyms }));
		expect(written[0]).toMatchObject({ temperature: 0.3, count: 2 });
		expect(asked.slice(0, 2)).toEqual([
			[{ cluster: 3 }, { cluster: 3, reference: exemplar }],
			{ means: 0.7, synonyms: 0.7 },
		]);
		expect(networks[0]!.provenance.sequence.stages[1]!.exemplar).toBe(exemplar);
	});

	it("deals more draws to fewer sequences when the source repeats itself", async () => {
		const sequences = { version: "g", sample: async () => [FIXED_SEQUENCE, FIXED_SEQUENCE] };
		const result = await generate(request, dependencies({ sequences }));
		expect(result.feasible).toBe(20);
		expect(
			new Set(
				result.networks.map(({ provenance }) =>
					JSON.stringify([(provenance as Provenance).round, (provenance as Provenance).draw]),
				),
			).size,
		).toBe(20);
	});

	it("tops up what was dropped, in at most three rounds, and aims lower after overshooting", async () => {
		const aims: (number | undefined)[] = [];
		const wide = randomSequences(1024);
		const sequences = {
			version: "w",
			sample: async (batch: SequenceRequest) => {
				aims.push(batch.condition.parameterCount);
				return wide.sample(batch);
			},
		};
		const constraints = { maxParameterCount: 20_000 };
		const result = await generate({ ...request, constraints }, dependencies({ sequences }));
		expect(result.rounds).toBe(1 + MAX_TOP_UPS);
		expect(aims).toEqual([20_000, 16_000, 12_800, 10_240]);
		expect(result.dropped["constraint:maxParameterCount"]).toBe(result.drawn - result.feasible);
	});

	it("counts failed cells and duplicates by reason", async () => {
		const cell = (await RANDOM_SYNONYMS.sample([{ cluster: 0 }], createRandom(1)))[0]!;
		let call = 0;
		const synonyms: CellGenerator = {
			version: "f",
			sample: async (requests) => requests.map(() => (call++ % 2 === 0 ? { reason: "NO_OPERATION" } : cell)),
		};
		const sequences = { version: "g", sample: async () => [FIXED_SEQUENCE] };
		const result = await generate(request, dependencies({ sequences, synonyms }));
		expect(result.feasible).toBe(1);
		expect(Object.keys(result.dropped).sort()).toEqual(["cells:NO_OPERATION", "duplicate"]);
		expect(result.rounds).toBe(4);
	});

	it("drops sequences outside the space", async () => {
		const stages = Array.from({ length: 6 }, () => ({ ...FIXED_SEQUENCE.stages[0]!, repeats: 4 }));
		const outside = [
			{ stages, finalChannels: 32 },
			{ ...FIXED_SEQUENCE, finalChannels: 2048 },
			{ stages: [], finalChannels: 8 },
		];
		const sequences = { version: "o", sample: async () => outside };
		const result = await generate(request, dependencies({ sequences }));
		expect(Object.keys(result.dropped).sort()).toEqual(["invalid:INVALID_NETWORK", "invalid:NO_STAGES"]);
		expect(result.reason).toContain("became a network");
	});
});

describe("an empty answer", () => {
	it("names the closest candidate and how far off it is", async () => {
		const constraints = { maxParameterCount: 450 };
		const result = await generate({ ...request, constraints }, dependencies());
		expect(result).toMatchObject({ networks: [], feasible: 0, drawn: 80, rounds: 4 });
		const { counts, margins, violated, network } = result.closest!;
		expect(countNetwork(network)).toEqual(counts);
		expect(violated).toEqual(["maxParameterCount"]);
		expect(margins.maxParameterCount!.slack).toBe(450 - counts.parameterCount);
		expect(result.reason).toContain(`the closest has ${counts.parameterCount}`);
		expect(result.reason).toContain("above maxParameterCount 450");
		const hashes = result.outside.map((candidate) => networkHash(candidate.network));
		expect(new Set(hashes).size).toBe(hashes.length);
		expect(hashes).toContain(networkHash(network));
		for (const outside of result.outside) {
			expect(countNetwork(outside.network)).toEqual(outside.counts);
			expect(outside.margins.maxParameterCount!.relative).toBeLessThan(0);
		}
	});

	it("shows candidates that are rejected for other reasons than counts", async () => {
		const reject = () => "constraint:maxLatencyMs";
		const { networks, outside, dropped, drawn } = await generate(request, dependencies({ reject }));
		expect([networks, dropped]).toEqual([[], { "constraint:maxLatencyMs": drawn }]);
		expect(outside.length).toBeGreaterThan(0);
	});

	it("says so when the generator proposes nothing or nothing can be scored", async () => {
		const sequences = { version: "n", sample: async () => [] };
		const nothing = await generate(request, dependencies({ sequences }));
		expect(nothing).toMatchObject({ networks: [], closest: null, drawn: 0 });
		expect(nothing.reason).toContain("proposed nothing");
		let asked = 0;
		const scorer: NetworkScorer = {
			version: "x",
			score: async () =>
				asked++ === 0 ? { ok: true, parts: [Number.NaN] } : { ok: false, reason: "SINGULAR_KERNEL" },
		};
		const unscored = await generate(request, dependencies({ scorer }));
		expect(unscored.dropped).toMatchObject({
			"score:NON_FINITE": 1,
			"score:SINGULAR_KERNEL": 19,
		});
		expect(unscored.reason).toContain("could be scored");
		expect(unscored.closest).toBeNull();
	});
});

describe("running", () => {
	it("reports progress of scoring up to the end", async () => {
		const reports: GenerationProgress[] = [];
		await generate(request, dependencies(), { onProgress: (progress) => reports.push(progress) });
		expect(reports[0]).toEqual({ step: "counting", done: 20, total: 20, round: 0 });
		expect(reports.at(-1)).toEqual({ step: "scoring", done: 20, total: 20, round: 0 });
		expect(reports).toHaveLength(22);
	});

	it("tells before scoring begins how long it may take, where the scorer knows", async () => {
		const reports: GenerationProgress[] = [];
		const { scorer } = dependencies();
		const timed = {
			...scorer,
			score: scorer.score.bind(scorer),
			secondsFor: (left: readonly unknown[]) => 2 * left.length,
		};
		const onProgress = (progress: GenerationProgress) => reports.push(progress);
		await generate(request, dependencies({ scorer: timed }), { onProgress });
		const scoring = reports.filter(({ step }) => step === "scoring");
		expect(scoring.map(({ remainingSeconds }) => remainingSeconds)).toEqual(
			scoring.map(({ done, total }) => 2 * (total - done)),
		);
	});

	it.each(["counting", "scoring"])("stops when cancelled while %s", async (step) => {
		const abort = new AbortController();
		const onProgress = (progress: GenerationProgress) => {
			if (progress.step === step) abort.abort();
		};
		await expect(
			generate(request, dependencies(), { signal: abort.signal, onProgress }),
		).rejects.toMatchObject({
			reason: "CANCELLED",
		});
	});

	it("refuses a source that breaks its contract", async () => {
		const synonyms: CellGenerator = { version: "b", sample: async () => [] };
		await expect(generate(request, dependencies({ synonyms }))).rejects.toMatchObject({
			reason: "CELL_SOURCE_CONTRACT",
		});
	});
});
