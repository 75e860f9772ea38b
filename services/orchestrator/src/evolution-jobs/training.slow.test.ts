import { createClient, longrunning, orchestrator } from "@archgen/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_CLUSTERS, writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { JobBench, type JobProcess, jobName } from "../../testing/job-bench.js";
import { jobWithHistory, shortHistory } from "../../testing/job-histories.js";

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
		await jobWithHistory(bench, service, id, await shortHistory(SAMPLE_CLUSTERS, seed));
});
afterAll(async () => {
	await service.stop();
	await models.remove();
	await bench.close();
});

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
	expect(await fields({ pretrained: "gpt-neo" })).toBe("pretrained");
	expect(await fields({ pretrained: "../gpt-neo" })).toBe("pretrained");
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
});
