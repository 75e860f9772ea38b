import { parseHistory } from "@archgen/evolution";
import type { LatencyTable } from "@archgen/latency";
import { createClient, longrunning, orchestrator } from "@archgen/rpc";
import { countsToMessage, latencyTableToMessage } from "@archgen/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { profileSites } from "../../../../libs/latency/testing/profile-sites.js";
import { JobBench, type JobProcess, jobName, runJob, SPEC } from "../../testing/job-bench.js";

const { EvolutionJobState: State } = orchestrator;

const GRID = {
	channels: [8, 32, 128],
	resolutions: [4, 16, 32],
	mostWork: 1e12,
	inputs: [32],
	classes: [10],
};
const TABLE: LatencyTable = {
	device: "made up",
	entries: profileSites(GRID).map((site) => ({ ...site, ms: site.outChannels * site.resolution * 1e-4 })),
};

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

const create = (
	spec: Parameters<typeof orchestrator.EvolutionJobSpec.fromPartial>[0],
	id = "",
	only = false,
	requestId = "",
) =>
	service.jobs.createEvolutionJob({
		evolutionJob: orchestrator.EvolutionJob.fromPartial({ spec }),
		evolutionJobId: id,
		validateOnly: only,
		requestId,
	});

test("without jobs there is no database; checking a spec does not start one", async () => {
	const { evolutionJob } = await create({ ...SPEC, evaluationCount: undefined }, "", true);
	expect(evolutionJob).toMatchObject({
		name: "",
		spec: { evaluationCount: 20_000, objective: "tcet_fit" },
	});
	expect(await service.jobs.listEvolutionJobs({ pageSize: 0, pageToken: "" })).toEqual({
		evolutionJobs: [],
		nextPageToken: "",
	});
	await expect(service.jobs.getEvolutionJob({ name: jobName("none") })).rejects.toMatchObject({
		reason: "JOB_NOT_FOUND",
	});
});

test.each([
	["evolution_job.spec.input_size", { ...SPEC, inputSize: 8 }],
	["evolution_job.spec.evaluation_count", { ...SPEC, evaluationCount: 0 }],
	["evolution_job.spec.population_size", { ...SPEC, populationSize: 0 }],
	["evolution_job.spec.constraints.max_parameter_count", { ...SPEC, constraints: { maxParameterCount: 1n } }],
	["evolution_job.spec.objective", { ...SPEC, objective: "beauty" }],
	["evolution_job.spec.temperature", { ...SPEC, temperature: 3 }],
	["evolution_job.spec.scoring_batch_size", { ...SPEC, scoringBatchSize: 1 }],
])("a bad spec names %s", async (field, spec) => {
	await expect(create(spec, "", true)).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [expect.objectContaining({ field })],
	});
});

test("a job runs to its end; its history pages, exports and parses", async () => {
	const evaluationCount = 25;
	await runJob(service, "first", { ...SPEC, evaluationCount, parallelism: 3 });
	const job = await service.ended("first");
	expect(job).toMatchObject({ state: State.EVOLUTION_JOB_STATE_SUCCEEDED, runCount: 1, problem: undefined });
	expect(job.progress).toMatchObject({ evaluated: evaluationCount, inFlight: 0, population: { size: 8 } });
	const lines = await service.history("first");
	const history = parseHistory(`${lines.join("\n")}\n`);
	expect(history).toHaveLength(evaluationCount);
	expect(job.progress?.best?.score).toBe(Math.max(...history.map(({ score }) => score)));
	const paged: string[] = [];
	for (let pageToken = ""; ; ) {
		const page = await service.jobs.listEvaluations({ parent: job.name, pageSize: 10, pageToken });
		paged.push(...page.evaluations.map(({ json }) => json));
		pageToken = page.nextPageToken;
		if (pageToken === "") break;
	}
	expect(paged).toEqual(lines);
	const summary = await service.jobs.summarizeHistory({ name: job.name, maxPoints: 5 });
	expect(summary.evaluationCount).toBe(evaluationCount);
	expect(summary.points.length).toBeLessThan(evaluationCount);
	for (const { index, score, counts } of summary.points) {
		expect({ score, counts }).toEqual({
			score: history[index]!.score,
			counts: countsToMessage(history[index]!.counts),
		});
	}
	expect(summary.points.find(({ onFront }) => onFront)?.score).toBe(job.progress?.best?.score);
	expect(summary.population.at(-1)).toEqual({
		evaluationCount,
		population: { ...job.progress!.population, mean: expect.closeTo(job.progress!.population!.mean!, 6) },
	});
	// Rows of earlier releases have no facts of their own.
	await bench.sql("UPDATE archgen.evaluations SET facts = NULL WHERE job = 'first' AND position < 10");
	const restarted = await bench.start();
	const again = await restarted.jobs.summarizeHistory({ name: job.name, maxPoints: 5 });
	await restarted.stop();
	expect(again).toEqual(summary);
	const name = `${job.name}/evaluations/3`;
	const { evaluation } = await service.jobs.getEvaluation({ name });
	expect(evaluation).toMatchObject({ name, index: 3, json: lines[3] });
	await expect(service.jobs.getEvaluation({ name: `${job.name}/evaluations/99` })).rejects.toMatchObject({
		reason: "EVALUATION_NOT_FOUND",
	});
	await expect(service.jobs.summarizeHistory({ name: job.name, maxPoints: 5001 })).rejects.toMatchObject({
		violations: [{ field: "max_points" }],
	});
	// Nothing was evaluated twice, failures included.
	expect(new Set(bench.zcProxy.asked.values())).toEqual(new Set([1]));
});

test("a job is an operation too", async () => {
	const operations = createClient(longrunning.OperationsService, { address: service.address });
	const evolutionJob = orchestrator.EvolutionJob.fromPartial({ spec: { ...SPEC, evaluationCount: 5 } });
	await service.jobs.createEvolutionJob({
		evolutionJob,
		evolutionJobId: "long",
		validateOnly: false,
		requestId: "",
	});
	const { name } = await service.jobs.runEvolutionJob({ name: jobName("long") });
	const done = await operations.waitOperation({ name, timeout: { seconds: 30n, nanos: 0 } });
	expect(done).toMatchObject({ name, done: true, result: { $case: "response" } });
	const packed = done.result?.$case === "response" ? done.result.value.value : Buffer.alloc(0);
	expect(orchestrator.EvolutionJob.decode(packed).progress?.evaluated).toBe(5);
	operations.close();
});

test("a job is cancelled, resumed to the history it would have had, and deleted", async () => {
	await runJob(service, "whole");
	await service.ended("whole");
	bench.zcProxy.delay = 20;
	await runJob(service, "halved");
	for await (const { evolutionJob } of service.jobs.watchEvolutionJob({ name: jobName("halved") })) {
		if ((evolutionJob?.progress?.evaluated ?? 0) >= 5) break;
	}
	await expect(service.jobs.deleteEvolutionJob({ name: jobName("halved") })).rejects.toMatchObject({
		reason: "WRONG_STATE",
	});
	await service.jobs.cancelEvolutionJob({ name: jobName("halved") });
	const stopped = await service.ended("halved");
	expect(stopped.state).toBe(State.EVOLUTION_JOB_STATE_CANCELLED);
	expect(stopped.progress!.evaluated).toBeLessThan(40);
	bench.zcProxy.delay = 0;
	await service.jobs.resumeEvolutionJob({ name: jobName("halved") });
	expect(await service.ended("halved")).toMatchObject({
		state: State.EVOLUTION_JOB_STATE_SUCCEEDED,
		runCount: 2,
	});
	expect(await service.history("halved")).toEqual(await service.history("whole"));
	await service.jobs.deleteEvolutionJob({ name: jobName("halved") });
	await expect(service.history("halved")).rejects.toMatchObject({ reason: "JOB_NOT_FOUND" });
});

test("jobs are listed page by page, the latest first", async () => {
	const first = await service.jobs.listEvolutionJobs({ pageSize: 2, pageToken: "" });
	const second = await service.jobs.listEvolutionJobs({ pageSize: 2, pageToken: first.nextPageToken });
	const names = [...first.evolutionJobs, ...second.evolutionJobs].map(({ name }) => name);
	expect(names).toEqual(["whole", "long", "first"].map(jobName));
	expect(second.nextPageToken).toBe("");
});

test("Pareto mode trades the objective against costs and predicted latency", async () => {
	const spec = {
		...SPEC,
		strategy: orchestrator.SearchStrategy.SEARCH_STRATEGY_PARETO,
		paretoCosts: [orchestrator.ParetoCost.PARETO_COST_LATENCY],
		constraints: {},
		maxLatencyMs: 4,
		latencyTable: latencyTableToMessage(TABLE),
	};
	await runJob(service, "pareto", spec);
	const { state, progress, spec: kept } = await service.ended("pareto");
	expect(state).toBe(State.EVOLUTION_JOB_STATE_SUCCEEDED);
	expect(kept).toMatchObject({ maxLatencyMs: 4, latencyTable: { device: "made up", entries: [] } });
	const page = await service.jobs.listEvaluations({
		parent: jobName("pareto"),
		pageSize: 100,
		pageToken: "",
	});
	for (const { latency, constraintExcess } of page.evaluations) {
		expect(latency!.errorMs).toBeGreaterThan(0);
		expect(latency!.latencyMs <= 4).toBe(constraintExcess === 0);
	}
	const front = progress!.paretoFront.map((index) => page.evaluations[index]!);
	expect(front.every(({ constraintExcess }) => constraintExcess === 0)).toBe(true);
	const byLatency = front.sort((a, b) => a.latency!.latencyMs - b.latency!.latencyMs);
	const scores = byLatency.map(({ score }) => score);
	expect(scores).toEqual([...scores].sort((a, b) => a - b));
});

test("latency needs a table without gaps", async () => {
	const violations = (spec: Parameters<typeof create>[0]) =>
		create(spec, "", true).catch(({ violations: found }) => found as unknown);
	expect(await violations({ ...SPEC, maxLatencyMs: 3 })).toMatchObject([
		{ field: "evolution_job.spec.latency_table" },
	]);
	const entries = TABLE.entries.filter(({ operation }) => operation !== "add");
	const latencyTable = latencyTableToMessage({ ...TABLE, entries });
	expect(await violations({ ...SPEC, latencyTable })).toMatchObject([
		{ description: "has no entry for add 1×1 stride 1" },
	]);
});

test("an unlucky search fails with its reason", async () => {
	const strategy = orchestrator.SearchStrategy.SEARCH_STRATEGY_RANDOM;
	const spec = { ...SPEC, strategy, constraints: { minParameterCount: 20_000_000n, maxFlopCount: 600_000n } };
	await runJob(service, "hopeless", spec);
	expect(await service.ended("hopeless")).toMatchObject({
		state: State.EVOLUTION_JOB_STATE_FAILED,
		problem: { reason: "STALLED" },
	});
});

test("a creation that is made again with its request_id gives the same job, another one is refused", async () => {
	const first = await create(SPEC, "repeated", false, "request-1");
	expect(await create(SPEC, "repeated", false, "request-1")).toEqual(first);
	await expect(create(SPEC, "repeated", false, "request-2")).rejects.toMatchObject({ reason: "JOB_EXISTS" });
	const nameless = await create(SPEC, "", false, "request-3");
	expect(await create(SPEC, "", false, "request-3")).toEqual(nameless);
});

test("numbers that are no exact number are refused, and every job can be listed", async () => {
	const limit = { maxPeakActivationBytes: 2n ** 63n - 1n };
	await expect(create({ ...SPEC, ...limit })).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [{ field: "evolution_job.spec.max_peak_activation_bytes" }],
	});
	const { evolutionJob } = await create({ ...SPEC, seed: 2n ** 64n - 1n }, "large-seed");
	expect(evolutionJob?.spec?.seed).toBe(2n ** 64n - 1n);
	const { evolutionJobs } = await service.jobs.listEvolutionJobs({ pageSize: 100, pageToken: "" });
	expect(evolutionJobs.map(({ name }) => name)).toContain("evolutionJobs/large-seed");
	await expect(
		service.jobs.listEvolutionJobs({ pageSize: 1, pageToken: "9".repeat(60) }),
	).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
	});
});

test("a job that cannot be read does not hide the others", async () => {
	await create(SPEC, "readable");
	await create(SPEC, "broken");
	await bench.sql("UPDATE archgen.jobs SET spec = '{}' WHERE id = 'broken'");
	const { evolutionJobs } = await service.jobs.listEvolutionJobs({ pageSize: 100, pageToken: "" });
	const named = (id: string) => evolutionJobs.find(({ name }) => name === `evolutionJobs/${id}`);
	expect(named("readable")?.problem).toBeUndefined();
	expect(named("broken")?.problem).toMatchObject({ reason: "JOB_UNREADABLE" });
	expect(await service.jobs.getEvolutionJob({ name: "evolutionJobs/broken" })).toBeDefined();
	await service.jobs.deleteEvolutionJob({ name: "evolutionJobs/broken" });
});
