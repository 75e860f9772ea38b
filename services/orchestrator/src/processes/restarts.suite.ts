import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { type GenerationBench, SPEC } from "../../testing/generation-bench.js";
import { startMain } from "../../testing/service-processes.js";

/** Restarts of the services behind the orchestrator. */
export function restartsSuite(benchOf: () => GenerationBench): void {
	let bench: GenerationBench;
	beforeAll(() => {
		bench = benchOf();
	});

	test("restarts of the services behind it are bridged inside the caller's deadline", async () => {
		const spec = { ...SPEC, candidates: 2, topK: 2 };
		const undisturbed = (await bench.unary(spec)).networks;
		for (const name of ["seqgen", "ccnf", "gvae", "zc-proxy"] as const) {
			const before = bench.services.all[name];
			before.process.kill("SIGKILL");
			const answer = bench.unary(spec);
			await sleep(300);
			const own = name === "zc-proxy" ? ["--workers", "1"] : ["--models", bench.models.folder];
			const port = before.address.split(":")[1]!;
			bench.services.all[name] = await startMain(new URL(`../../../${name}/dist/main.js`, import.meta.url), [
				"--port",
				port,
				...own,
			]);
			expect((await answer).networks, name).toEqual(undisturbed);
		}
	}, 180_000);
}
