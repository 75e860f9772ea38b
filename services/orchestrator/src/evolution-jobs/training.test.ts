import { type EvolutionRecord, RANDOM_CELLS, recordToLine, runEvolution } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { createClient, longrunning, orchestrator } from "@archgen/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_CLUSTERS, writeSampleStore } from "../../../../libs/bundle/testing/sample-bundle.js";
import { JobBench, type JobProcess, jobName, runJob, SPEC } from "../../testing/job-bench.js";

const random = createRandom(0);
let bench: JobBench;
let models: Awaited<ReturnType<typeof writeSampleStore>>;
let service: JobProcess;
beforeAll(async () => {
	bench = await JobBench.open();
	models = await writeSampleStore();
	service = await bench.start("", "--models", models.folder);
	for (const [id, seed] of [
		["one-job", 1],
		["two-job", 2],
	] as const)
		await runWith(id, await search(seed));
}, 120_000);
afterAll(async () => {
	await service.stop();
	await models.remove();
	await bench.close();
}, 120_000);

/** A search with as many clusters as the sample bundle has: random cells of a job come from more. */
async function search(seed: number): Promise<readonly EvolutionRecord[]> {
	const options = {
		target: { size: 32, classes: 10 },
		constraints: { maxParameterCount: 200_000 },
		clusters: SAMPLE_CLUSTERS,
		evaluations: 12,
		seed,
	};
	const objective = { evaluate: async () => ({ ok: true, score: random.uniform() }) as const };
	return (await runEvolution(options, { cells: RANDOM_CELLS, objective })).history;
}

/** A job that has come to these records. */
async function runWith(id: string, records: readonly EvolutionRecord[]): Promise<void> {
	await runJob(service, id, { ...SPEC, evaluationCount: 1 });
	await service.ended(id);
	const rows = records.map((record) => {
		const { proposal, hash, index } = record;
		return `('${id}', ${proposal}, '${hash}', '', '{}', ${index}, '${recordToLine(record)}')`;
	});
	await bench.sql(`DELETE FROM archgen.evaluations WHERE job = '${id}';
		INSERT INTO archgen.evaluations (job, proposal, hash, launch, dropped, position, record)
		VALUES ${rows.join(", ")}`);
}

const request = (more: object = {}) =>
	orchestrator.TrainSequenceGeneratorRequest.fromPartial({
		evolutionJobs: [jobName("one-job"), jobName("two-job")],
		version: "2",
		stepCount: 60,
		...more,
	});

test("what cannot be trained is refused by name", async () => {
	const fields = (more: object) =>
		service.jobs
			.trainSequenceGenerator(request(more))
			.catch(({ violations }) => violations[0].field as string);
	expect(await fields({ evolutionJobs: [] })).toBe("evolution_jobs");
	expect(await fields({ version: "1" })).toBe("version");
	expect(await fields({ keep: 2 })).toBe("keep");
	await expect(
		service.jobs.trainSequenceGenerator(request({ evolutionJobs: [jobName("nothing")] })),
	).rejects.toMatchObject({ reason: "JOB_NOT_FOUND" });
});

test("a training survives a kill and gives a new version that nobody serves yet", async () => {
	const { name } = await service.jobs.trainSequenceGenerator(request());
	expect(name).toMatch(/^operations\/trainings\/train-[0-9a-f]+$/);
	await service.kill();
	service = await bench.start("", "--models", models.folder);
	const operations = createClient(longrunning.OperationsService, { address: service.address });
	const done = await operations.waitOperation({ name, timeout: { seconds: 60n, nanos: 0 } });
	expect(done.done).toBe(true);
	const packed = done.result?.$case === "response" ? done.result.value.value : Buffer.alloc(0);
	const model = orchestrator.Model.decode(packed);
	expect(model).toMatchObject({ name: "models/default/versions/2", labels: [] });
	expect(model.metrics["seqgen.validationLoss"]).toBeGreaterThan(0);
	expect(model.trainedOn).toMatchObject({ refresh: { base: "1" } });
	operations.close();
}, 120_000);
