import { createRandom } from "@archgen/random";
import { orchestrator } from "@archgen/rpc";
import { architectureText } from "@archgen/score-diffusion";
import { countLayers, SEARCH_SPACES } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobBench, type JobProcess, jobName, runJob } from "../../testing/job-bench.js";

const { EvolutionJobState: State, SearchStrategy } = orchestrator;
const SPACE = SEARCH_SPACES.nasbench201;

/** Distinct architectures with a made-up value: the 3×3 convolutions, three for a skip in one place, a little for the order. */
const ROWS = distinct(600).map(([architecture, operations], i) => ({
	architecture,
	value:
		operations.filter((o) => o === "nor_conv_3x3").length +
		(operations[3] === "skip_connect" ? 3 : 0) -
		i / 1e4,
}));
const VALUES = new Map(ROWS.map(({ architecture, value }) => [architecture, value]));
const BEST = Math.max(...VALUES.values());
const SPEC = { seed: 3n, scoreTable: { space: "nasbench201", column: "made_up", rows: ROWS } };

function distinct(count: number) {
	const random = createRandom(0);
	const drawn = new Map<string, ReturnType<typeof SPACE.random>>();
	while (drawn.size < count) {
		const architecture = SPACE.random(random);
		drawn.set(String(architectureText(SPACE, architecture)), architecture);
	}
	return [...drawn];
}

let bench: JobBench;
let service: JobProcess;
beforeAll(async () => {
	bench = await JobBench.open();
	service = await bench.start();
});
afterAll(async () => {
	expect(await service.stop()).toBe(0);
	await bench.close();
});

interface Line {
	readonly architecture: string;
	readonly score: number;
	readonly counts: { readonly parameterCount: number };
}

async function searched(id: string, spec: Parameters<typeof runJob>[2]): Promise<Line[]> {
	await runJob(service, id, spec);
	const job = await service.ended(id);
	expect(job).toMatchObject({ state: State.EVOLUTION_JOB_STATE_SUCCEEDED, problem: undefined });
	return (await service.history(id)).map((line) => JSON.parse(line) as Line);
}

test("Bayesian optimisation looks each architecture up once and finds the best one", async () => {
	const history = await searched("looked-up", { ...SPEC, evaluationCount: 100 });
	expect(history).toHaveLength(100);
	expect(new Set(history.map(({ architecture }) => architecture)).size).toBe(100);
	for (const { architecture, score } of history) expect(score).toBe(VALUES.get(architecture));
	const { evolutionJob } = await service.jobs.getEvolutionJob({ name: jobName("looked-up") });
	expect(evolutionJob!.progress!.best).toMatchObject({ score: BEST, network: undefined });
	expect(evolutionJob!.spec).toMatchObject({
		strategy: SearchStrategy.SEARCH_STRATEGY_BO,
		objective: "made_up",
		scoreTable: { space: "nasbench201", column: "made_up", rows: [], rowCount: 600 },
		inputSize: 32,
		classCount: 10,
	});
	const random = await searched("at-random", {
		...SPEC,
		evaluationCount: 100,
		strategy: SearchStrategy.SEARCH_STRATEGY_RANDOM,
	});
	expect(Math.max(...random.map(({ score }) => score))).toBeLessThan(BEST);
	const page = await service.jobs.listEvaluations({
		parent: jobName("looked-up"),
		pageSize: 5,
		pageToken: "",
	});
	expect(page.evaluations.map(({ architecture }) => architecture)).toEqual(
		history.slice(0, 5).map(({ architecture }) => architecture),
	);
	const summary = await service.jobs.summarizeHistory({ name: jobName("looked-up"), maxPoints: 10 });
	expect(summary).toMatchObject({ evaluationCount: 100 });
	expect(Math.max(...summary.points.map(({ score }) => score))).toBe(BEST);
	const training = orchestrator.TrainSequenceGeneratorRequest.fromPartial({
		evolutionJobs: [jobName("looked-up")],
		version: "from-a-table",
	});
	await expect(service.jobs.trainSequenceGenerator(training)).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [{ field: "evolution_jobs" }],
	});
});

test("killed between launch and record, then stopped and resumed: the history of an uninterrupted run", async () => {
	const spec = { ...SPEC, evaluationCount: 60 };
	const whole = await searched("whole", spec);
	await service.kill();
	const dying = await bench.start("after:launch:20");
	await runJob(dying, "killed", spec).catch(() => {});
	await dying.killed();
	const again = await bench.start("before:record:15");
	await again.killed();
	service = await bench.start();
	await service.ended("killed");
	expect((await service.history("killed")).map((line) => JSON.parse(line))).toEqual(whole);
});

test("bounds hold; a table is searched to its last row within them, and one that has none fails with its reason", async () => {
	const most = 300_000;
	const within = ROWS.filter(({ architecture }) => {
		const { parameterCount } = countLayers(SPACE.lower(SPACE.fromJson({ arch: architecture })));
		return parameterCount <= most;
	});
	expect(within.length).toBeGreaterThan(20);
	const history = await searched("bounded", {
		...SPEC,
		constraints: { maxParameterCount: BigInt(most) },
		strategy: SearchStrategy.SEARCH_STRATEGY_RANDOM,
		evaluationCount: 600,
	});
	expect(new Set(history.map(({ architecture }) => architecture))).toEqual(
		new Set(within.map(({ architecture }) => architecture)),
	);
	for (const { counts } of history) expect(counts.parameterCount).toBeLessThanOrEqual(most);
	await runJob(service, "nothing", { ...SPEC, constraints: { maxParameterCount: 10n } });
	expect(await service.ended("nothing")).toMatchObject({
		state: State.EVOLUTION_JOB_STATE_FAILED,
		problem: { reason: "NOTHING_WITHIN_BOUNDS" },
	});
});

const { rows: _, ...TABLE } = SPEC.scoreTable;
test.each([
	["score_table.space", { scoreTable: { ...SPEC.scoreTable, space: "nowhere" } }],
	["score_table.space", { scoreTable: { ...SPEC.scoreTable, space: "darts" } }],
	["score_table.column", { scoreTable: { ...SPEC.scoreTable, column: "" } }],
	["score_table.rows", { scoreTable: TABLE }],
	["score_table.rows[1].architecture", { scoreTable: { ...TABLE, rows: [ROWS[0]!, ROWS[0]!] } }],
	[
		"score_table.rows[0].architecture",
		{ scoreTable: { ...TABLE, rows: [{ architecture: "|x~0|", value: 1 }] } },
	],
	["score_table.rows[0].value", { scoreTable: { ...TABLE, rows: [{ ...ROWS[0]!, value: Number.NaN }] } }],
	["strategy", { strategy: SearchStrategy.SEARCH_STRATEGY_HL_EVO }],
	["evaluation_count", { evaluationCount: 501 }],
	["objective", { objective: "tcet" }],
	["input_size", { inputSize: 224 }],
	["max_latency_ms", { maxLatencyMs: 3 }],
	["cell_generator", { cellGenerator: "flow" }],
	["constraints.max_parameter_count", { constraints: { maxParameterCount: 0n } }],
])("a bad spec names %s", async (field, changes) => {
	const evolutionJob = orchestrator.EvolutionJob.fromPartial({ spec: { ...SPEC, ...changes } });
	const create = { evolutionJob, evolutionJobId: "", validateOnly: true, requestId: "" };
	await expect(service.jobs.createEvolutionJob(create)).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [expect.objectContaining({ field: `evolution_job.spec.${field}` })],
	});
});
