import { setTimeout as sleep } from "node:timers/promises";
import { parseHistory } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { orchestrator } from "@archgen/rpc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JobBench, jobName, runJob, SPEC } from "../../testing/job-bench.js";

/** Random kills in each of the two searches; docs/evolution-jobs.md has the command and the result of 50. */
const KILLS = Number(process.env.ARCHGEN_CRASHES ?? 2);
const TIMEOUT_MS = 120_000 + 20_000 * KILLS;
const random = createRandom(Number(process.env.ARCHGEN_CRASH_SEED ?? 1));

/** Every write of a job, before and after it: the first ones that come, then later ones. */
const POINTS = [
	"before:start:1",
	"after:start:1",
	"before:launch:1",
	"after:launch:2",
	"before:record:1",
	"after:record:2",
	"before:failure:1",
	"after:failure:1",
	"before:end:1",
	"after:end:1",
];

const BAYESIAN = { strategy: orchestrator.SearchStrategy.SEARCH_STRATEGY_BO, parallelism: 1 };

let bench: JobBench;
let whole: string[];
beforeAll(async () => {
	bench = await JobBench.open();
	const service = await bench.start();
	await runJob(service, "whole");
	await service.ended("whole");
	whole = await service.history("whole");
	await service.kill();
});
afterAll(async () => {
	const last = await bench.start();
	await last.jobs.listEvolutionJobs({ pageSize: 0, pageToken: "" });
	expect(await last.stop()).toBe(0);
	await bench.close();
});

test("killed before and after each write, one in flight: the history of an uninterrupted run", async () => {
	for (const [i, point] of POINTS.entries()) {
		const service = await bench.start(point);
		if (i === 0) await runJob(service, "named").catch(() => {});
		await service.killed();
	}
	const last = await bench.start();
	const job = await last.ended("named");
	expect(job.state).toBe(orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_SUCCEEDED);
	expect(await last.history("named")).toEqual(whole);
	await last.kill();
}, 360_000);

test.each([
	["one in flight: the history of an uninterrupted run", "single", { parallelism: 1 }, 40],
	["Bayesian optimisation: the history of an uninterrupted run", "bayesian", BAYESIAN, 12],
	[
		"many in flight: nothing lost, nothing counted twice, the budget met exactly",
		"many",
		{ parallelism: 8 },
		40,
	],
])(
	"killed at random moments, %s",
	async (_, id, changes, evaluationsPerKill) => {
		const { parallelism } = changes;
		const { asked } = bench.zcProxy;
		const spec = { ...SPEC, ...changes, evaluationCount: evaluationsPerKill * (KILLS + 2) };
		asked.clear();
		bench.zcProxy.delay = 10 * parallelism;
		for (let kill = 0; kill < KILLS; kill++) {
			const service = await bench.start();
			if (kill === 0) await runJob(service, id, spec);
			const calls = count(asked);
			const patience = Date.now() + 60_000;
			while (count(asked) === calls && Date.now() < patience) await sleep(2);
			expect(count(asked)).toBeGreaterThan(calls);
			await sleep(random.uniform() * 150);
			await service.kill();
			if (KILLS > 10) process.stderr.write(`${id}: ${kill + 1} kills, ${asked.size} networks\n`);
		}
		const last = await bench.start();
		// A kill after the end would prove nothing.
		expect((await last.jobs.getEvolutionJob({ name: jobName(id) })).evolutionJob?.endTime).toBeUndefined();
		bench.zcProxy.delay = 0;
		await last.ended(id);
		const lines = await last.history(id);
		const history = parseHistory(`${lines.join("\n")}\n`);
		expect(history).toHaveLength(spec.evaluationCount);
		expect(new Set(history.map(({ hash }) => hash)).size).toBe(spec.evaluationCount);
		for (const { hash } of history) expect(asked.has(hash)).toBe(true);
		// An evaluation in flight at a kill is made again; nothing else is.
		expect(count(asked) - asked.size).toBeLessThanOrEqual(KILLS * parallelism);
		if (parallelism === 1) {
			await runJob(last, `${id}-reference`, spec);
			await last.ended(`${id}-reference`);
			expect(lines).toEqual(await last.history(`${id}-reference`));
		}
		await last.kill();
	},
	TIMEOUT_MS,
);

/** Calls in all. */
function count(asked: ReadonlyMap<string, number>): number {
	return [...asked.values()].reduce((sum, times) => sum + times, 0);
}
