import { type CellGenerator, type CellRequest, checkConstraints, RANDOM_CELLS } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { countNetwork, type Network, networkHash, randomCell, validateNetwork } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CELL_EVOLUTION } from "./cell-evolution.js";
import { type EvolutionState, parseState } from "./checkpoint.js";
import { designNetwork } from "./design.js";
import { parseHistory, recordToLine } from "./history.js";
import type { EvolutionRecord } from "./record.js";
import { runEvolution } from "./run-evolution.js";
import { ageingEvolution, HL_EVO, HL_EVO_MEANS, RANDOM_SEARCH, type SearchStrategy } from "./strategies.js";
import { CountingScorer, plainScore, SMALL } from "./testing.suite.js";

const plain = () => ({ cells: RANDOM_CELLS, scorer: new CountingScorer() });
const reference = await runEvolution(SMALL, plain());
const throughFile = (history: readonly EvolutionRecord[]) =>
	parseHistory(history.map(recordToLine).join("\n"));

describe("a run", () => {
	it("evaluates exactly the number asked for, each network once, all within the constraints by recount", () => {
		expect(reference).toMatchObject({ stopped: "finished", history: { length: 40 } });
		const hashes = reference.history.map((record) => {
			const network = validateNetwork(designNetwork(record.design, SMALL.target));
			expect(record.counts).toEqual(countNetwork(network));
			expect(checkConstraints(record.counts, SMALL.constraints).satisfied).toBe(true);
			expect(record.hash).toBe(networkHash(network));
			expect(record.score).toBe(plainScore(network));
			return record.hash;
		});
		expect(new Set(hashes).size).toBe(40);
		expect(reference.best!.score).toBe(Math.max(...reference.history.map(({ score }) => score)));
	});

	it("accounts for every proposal", () => {
		const dropped = Object.values(reference.dropped).reduce((sum, count) => sum + count, 0);
		expect(reference.history.at(-1)!.proposal + 1).toBe(40 + dropped);
		expect(Object.keys(reference.dropped)).toContain("constraint:maxParameterCount");
	});

	it.each([
		[HL_EVO, 24],
		[HL_EVO_MEANS, 80],
	])("explores first and adds no cluster to those of the parent afterwards ($name)", async (strategy, explored) => {
		const { history } = await runEvolution({ ...SMALL, evaluations: 160, strategy }, plain());
		expect(history.map(({ phase }) => phase)).toEqual([
			"start",
			...Array(explored - 1).fill("exploration"),
			...Array(160 - explored).fill("exploitation"),
		]);
		const clusters = (record: EvolutionRecord) => record.design.stages.map(({ cluster }) => cluster);
		for (const record of history.slice(explored))
			expect(clusters(history[record.parent!]!)).toEqual(expect.arrayContaining(clusters(record)));
		expect(
			history.slice(1, explored).some(({ mutations }) => mutations.some(({ kind }) => kind === "cluster")),
		).toBe(true);
	});

	it("asks for synonyms of the parent's cells while it exploits, and for cells of clusters before", async () => {
		const asked: CellRequest[][] = [];
		const cells: CellGenerator = {
			version: "test",
			sample: async (requests, random) => {
				asked.push([...requests]);
				return RANDOM_CELLS.sample(requests, random);
			},
		};
		const { history } = await runEvolution(
			{ ...SMALL, evaluations: 100 },
			{ cells, scorer: new CountingScorer() },
		);
		const known = new Set(history.flatMap(({ design }) => design.stages.map(({ cell }) => cell.hash)));
		const first = asked.findIndex((requests) => requests.some(({ reference }) => reference !== undefined));
		expect(first).toBeGreaterThan(0);
		expect(asked.length - first).toBeGreaterThan(20);
		for (const { reference } of asked.slice(first).flat()) expect(known).toContain(reference?.hash);
	});

	it.each([
		HL_EVO,
		ageingEvolution(4),
		CELL_EVOLUTION,
		RANDOM_SEARCH,
	])("gives the same history for the same seed ($name)", async (strategy) => {
		const options = { ...SMALL, strategy, evaluations: 15, seed: 5 };
		const [a, b] = await Promise.all([runEvolution(options, plain()), runEvolution(options, plain())]);
		const c = await runEvolution({ ...options, seed: 6 }, plain());
		expect(a.history).toEqual(b.history);
		expect(a.history).not.toEqual(c.history);
	});

	it("finds a beginning under bounds that leave little for the head of a network", async () => {
		const { history } = await runEvolution(
			{
				target: { size: 64, classes: 190 },
				constraints: { maxParameterCount: 13_000 },
				clusters: 16,
				evaluations: 10,
				seed: 0,
				strategy: CELL_EVOLUTION,
			},
			plain(),
		);
		expect(history).toHaveLength(10);
		expect(history.every(({ counts }) => counts.parameterCount <= 13_000)).toBe(true);
	});

	it("begins evolution of cells with designs fitted to their bounds, then edits and copies cells and asks for none", async () => {
		let asked = 0;
		const cells: CellGenerator = {
			version: "test",
			sample: async (requests, random) => {
				asked += 1;
				return RANDOM_CELLS.sample(requests, random);
			},
		};
		const constraints = { maxParameterCount: 100_000, minParameterCount: 60_000 };
		const options = { ...SMALL, strategy: CELL_EVOLUTION, evaluations: 200, constraints, populationSize: 32 };
		const { history, dropped } = await runEvolution(options, { cells, scorer: new CountingScorer() });
		const initial = history.filter(({ parent }) => parent === null);
		expect(initial).toHaveLength(50);
		expect(asked).toBeGreaterThanOrEqual(50);
		expect(asked).toBeLessThanOrEqual(
			50 + (dropped["constraint:maxParameterCount"] ?? 0) + (dropped["constraint:minParameterCount"] ?? 0),
		);
		const kinds = new Set(history.flatMap(({ mutations }) => mutations.map(({ kind }) => kind)));
		expect([...kinds].sort()).toEqual(["cell", "channels", "finalChannels", "repeats", "stride"]);
		const hashes = ({ design }: EvolutionRecord) => design.stages.map(({ cell }) => cell.hash);
		for (const record of history.slice(50)) {
			const edits = record.mutations.filter(({ kind }) => kind === "cell").length;
			const parent = hashes(history[record.parent!]!);
			const added = hashes(record).filter((hash) => !parent.includes(hash));
			expect(new Set(added).size).toBeLessThanOrEqual(edits);
		}
	});

	it("climbs: on average over seeds it finds more than random search at equal evaluations", async () => {
		const pool = Array.from({ length: 30 }, (_, i) => randomCell(createRandom(i)));
		const cells: CellGenerator = {
			version: "test",
			sample: async (clusters, random) => clusters.map(() => random.pick(pool)),
		};
		const mean = async (strategy: SearchStrategy) => {
			let sum = 0;
			for (const seed of [1, 2, 3]) {
				const options = { ...SMALL, evaluations: 300, populationSize: 16, strategy, seed };
				sum += (await runEvolution(options, { cells, scorer: new CountingScorer() })).best!.score;
			}
			return sum / 3;
		};
		expect(await mean(HL_EVO)).toBeGreaterThan(await mean(RANDOM_SEARCH));
	});

	it("finds more with cells where scores can be predicted, and goes on to the same end", async () => {
		const search = (
			seed: number,
			predict?: typeof plainScore,
			length = 0,
			found: readonly EvolutionRecord[] = [],
		) =>
			runEvolution(
				{ ...SMALL, strategy: CELL_EVOLUTION, evaluations: 80, populationSize: 32, seed },
				{ ...plain(), ...(predict && { predict }) },
				{},
				{ history: found.slice(0, length) },
			);
		const roughly = (network: Network) => Math.round(plainScore(network));
		const seeds = [1, 2];
		const [chosen, any] = await Promise.all(
			[roughly, undefined].map((predict) => Promise.all(seeds.map((seed) => search(seed, predict)))),
		);
		const mean = (runs: typeof chosen) =>
			runs!.reduce((sum, { best }) => sum + best!.score, 0) / seeds.length;
		expect(mean(chosen)).toBeGreaterThan(mean(any) + 5);
		const { history } = chosen![0]!;
		expect((await search(1, roughly, 57, history)).history).toEqual(history);
	});

	it.each([
		16, 32, 224, 512,
	])("finds a start at %d pixels for tight, loose and lower bounds", async (size) => {
		const bounds = [
			{ maxParameterCount: 25_000 },
			{ maxFlopCount: 2_000_000_000 },
			{ minParameterCount: 2_000_000 },
		];
		for (const constraints of bounds) {
			const run = await runEvolution(
				{ ...SMALL, target: { size, classes: 10 }, constraints, evaluations: 2 },
				plain(),
			);
			expect([run.stopped, run.history[0]!.phase]).toEqual(["finished", "start"]);
		}
	});
});

describe("resuming", () => {
	it("continues to the same history from any point, with and without a checkpoint, through files", async () => {
		const states: EvolutionState[] = [];
		await runEvolution(SMALL, plain(), {
			checkpoint: (state) => void states.push(JSON.parse(JSON.stringify(state))),
		});
		await fc.assert(
			fc.asyncProperty(fc.nat(40), fc.nat(40), fc.boolean(), async (length, lag, withState) => {
				const history = throughFile(reference.history.slice(0, length));
				const state = withState ? states[length - 1 - (lag % 3)] : undefined;
				const resumed = await runEvolution(
					SMALL,
					plain(),
					{},
					{ history, state: state && parseState(state) },
				);
				expect(resumed.history).toEqual(reference.history);
				expect(resumed.dropped).toEqual(reference.dropped);
			}),
			{ numRuns: 12 },
		);
	});

	it("after a cancellation at any evaluation gives the uninterrupted history", async () => {
		for (const call of [0, 1, 17, 39]) {
			const abort = new AbortController();
			const kept: EvolutionRecord[] = [];
			const scorer = new CountingScorer((network, i) => {
				if (i === call) abort.abort();
				abort.signal.throwIfAborted();
				return { ok: true, parts: [plainScore(network)] };
			});
			const hooks = { signal: abort.signal, onRecord: (record: EvolutionRecord) => void kept.push(record) };
			await expect(runEvolution(SMALL, { cells: RANDOM_CELLS, scorer }, hooks)).rejects.toMatchObject({
				reason: "CANCELLED",
			});
			expect(kept).toHaveLength(call);
			const resumed = await runEvolution(SMALL, plain(), {}, { history: kept });
			expect(resumed.history).toEqual(reference.history);
		}
	});

	it("refuses a checkpoint of another job or one that is ahead of the history", async () => {
		const states: EvolutionState[] = [];
		await runEvolution({ ...SMALL, evaluations: 3 }, plain(), {
			checkpoint: (latest) => void states.push(latest),
		});
		const state = states.at(-1);
		const resume = (options: typeof SMALL, length: number) =>
			runEvolution(options, plain(), {}, { history: reference.history.slice(0, length), state });
		await expect(resume(SMALL, 3)).rejects.toMatchObject({ reason: "RESUME_MISMATCH" });
		await expect(resume({ ...SMALL, evaluations: 3 }, 2)).rejects.toMatchObject({
			violations: [{ field: "state.records" }],
		});
		expect(() => parseState({ ...state, proposals: -1 })).toThrow("state.proposals");
	});
});

describe("many in flight", () => {
	/** Answers after a random number of turns of the event loop. */
	function unorderly(seed: number) {
		const random = createRandom(seed);
		let now = 0;
		let most = 0;
		const scorer = new CountingScorer(async (network) => {
			most = Math.max(most, ++now);
			for (let turns = random.integer(30); turns > 0; turns--) await new Promise(setImmediate);
			now--;
			return { ok: true, parts: [plainScore(network)] };
		});
		return { scorer, most: () => most };
	}

	it("keeps that many, meets the budget exactly, evaluates nothing twice, orders by index", async () => {
		const { scorer, most } = unorderly(1);
		const run = await runEvolution({ ...SMALL, parallelism: 8 }, { cells: RANDOM_CELLS, scorer });
		expect(most()).toBe(8);
		expect(run.history.map(({ index }) => index)).toEqual([...Array(40).keys()]);
		expect([...scorer.asked.values()].every((times) => times === 1)).toBe(true);
		expect(scorer.asked.size).toBe(40);
		expect(throughFile(run.history)).toEqual(run.history);
		expect(run.history.some(({ proposal }, i) => i > 0 && proposal < run.history[i - 1]!.proposal)).toBe(
			true,
		);
	});

	it("loses no record and records none twice when it is resumed", async () => {
		const abort = new AbortController();
		const kept: EvolutionRecord[] = [];
		const onRecord = (record: EvolutionRecord) => {
			kept.push(record);
			if (kept.length === 20) abort.abort();
		};
		const options = { ...SMALL, parallelism: 8 };
		const first = runEvolution(
			options,
			{ cells: RANDOM_CELLS, ...unorderly(2) },
			{ signal: abort.signal, onRecord },
		);
		await expect(first).rejects.toMatchObject({ reason: "CANCELLED" });
		const second = await runEvolution(
			options,
			{ cells: RANDOM_CELLS, ...unorderly(3) },
			{},
			{ history: kept },
		);
		expect(second.history.slice(0, kept.length)).toEqual(kept);
		expect(new Set(second.history.map(({ hash }) => hash)).size).toBe(40);
	});

	it("waits for the others before it reports a lost worker", async () => {
		let running = 0;
		const scorer = new CountingScorer(async (network, call) => {
			running++;
			for (let turns = 5 + call; turns > 0; turns--) await new Promise(setImmediate);
			running--;
			if (call === 5)
				throw new ArchgenError({ category: "UNAVAILABLE", reason: "WORKER_LOST", message: "gone" });
			return { ok: true, parts: [plainScore(network)] };
		});
		const run = runEvolution({ ...SMALL, parallelism: 4 }, { cells: RANDOM_CELLS, scorer });
		await expect(run).rejects.toMatchObject({ reason: "WORKER_LOST" });
		expect(running).toBe(0);
	});
});

describe("failures", () => {
	it("are dropped and counted by reason; the budget is still met", async () => {
		const scorer = new CountingScorer((network, call) => {
			if (call % 5 === 1) return { ok: false, reason: "SINGULAR_KERNEL" };
			return { ok: true, parts: [call % 5 === 2 ? Number.NaN : plainScore(network)] };
		});
		const cells: CellGenerator = {
			version: "test",
			sample: async (clusters, random) =>
				random.uniform() < 0.2
					? clusters.map(() => ({ reason: "NO_OPERATION" }))
					: RANDOM_CELLS.sample(clusters, random),
		};
		const run = await runEvolution(SMALL, { cells, scorer });
		expect(run.history).toHaveLength(40);
		const { dropped } = run;
		expect(dropped["evaluation:SINGULAR_KERNEL"]! + dropped["evaluation:NON_FINITE_SCORE"]!).toBe(
			scorer.asked.size - 40,
		);
		expect(dropped["cells:NO_OPERATION"]).toBeGreaterThan(0);
	});

	it("end the run as stalled, with the reasons, when nothing else comes", async () => {
		const bounds = { minFlopCount: 4_000_000, maxFlopCount: 4_000_001 };
		const options = { ...SMALL, constraints: bounds, maxConsecutiveDrops: 20 };
		const run = await runEvolution(options, plain());
		expect(run).toMatchObject({ stopped: "stalled", best: null, history: [] });
		expect(Object.values(run.dropped).reduce((sum, count) => sum + count)).toBe(20);
		const broken = new CountingScorer(() => ({ ok: false, reason: "NAN" }));
		const failed = await runEvolution(
			{ ...SMALL, maxConsecutiveDrops: 3 },
			{ cells: RANDOM_CELLS, scorer: broken },
		);
		expect(failed).toMatchObject({ stopped: "stalled", dropped: { "evaluation:NAN": 3 } });
	});

	it.each([
		[{ evaluations: 0 }, "evaluations"],
		[{ populationSize: 1.5 }, "populationSize"],
		[{ parallelism: 0 }, "parallelism"],
		[{ startCluster: 4 }, "startCluster"],
		[{ seed: Number.NaN }, "seed"],
		[{ target: { size: 8, classes: 10 } }, "target.size"],
		[{ target: { size: 32, classes: 1 } }, "target.classes"],
		[{ constraints: { maxParameterCount: 300 } }, "constraints.maxParameterCount"],
	])("refuses %j by name", async (change, field) => {
		await expect(runEvolution({ ...SMALL, ...change }, plain())).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
			violations: [{ field }],
		});
	});
});

it("reports progress with the best, the population and the drops", async () => {
	const reports: { evaluated: number; dropped: number; size: number }[] = [];
	await runEvolution(SMALL, plain(), {
		onProgress: ({ evaluated, evaluations, best, population, dropped }) => {
			expect(evaluations).toBe(40);
			if (evaluated > 0) expect(best!.score).toBeGreaterThanOrEqual(population.worst!);
			const total = Object.values(dropped).reduce((sum, count) => sum + count, 0);
			reports.push({ evaluated, dropped: total, size: population.size });
		},
	});
	expect(reports.at(-1)).toMatchObject({ evaluated: 40, size: 8 });
	expect(reports.map(({ evaluated, dropped }) => evaluated + dropped)).toEqual(reports.map((_, i) => i + 1));
});
