import { orchestrator } from "@archgen/rpc";
import { expect, test } from "vitest";
import { JobBench, jobName, runJob, SPEC } from "../../testing/job-bench.js";

test("two processes under one name: the job is run once, to its end", async () => {
	const bench = await JobBench.open();
	bench.zcProxy.delay = 10;
	const first = await bench.start();
	const spec = { ...SPEC, evaluationCount: 100, parallelism: 2 };
	await runJob(first, "shared", spec);
	for await (const { evolutionJob } of first.jobs.watchEvolutionJob({ name: jobName("shared") })) {
		if ((evolutionJob?.progress?.evaluated ?? 0) >= 10) break;
	}
	const second = await bench.start();
	await second.jobs.listEvolutionJobs({ pageSize: 0, pageToken: "" });
	for await (const { evolutionJob } of second.jobs.watchEvolutionJob({ name: jobName("shared") })) {
		if ((evolutionJob?.progress?.evaluated ?? 0) >= 40) break;
	}
	const job = await second.ended("shared");
	expect(job).toMatchObject({
		state: orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_SUCCEEDED,
		problem: undefined,
		progress: { evaluated: 100 },
	});
	// What was in flight when the job changed hands is evaluated again, nothing else.
	const { asked } = bench.zcProxy;
	expect([...asked.values()].reduce((sum, times) => sum + times - 1, 0)).toBeLessThanOrEqual(
		4 * spec.parallelism,
	);
	await first.stop();
	await second.stop();
	await bench.close();
});
