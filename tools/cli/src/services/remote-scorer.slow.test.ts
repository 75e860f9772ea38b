import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectScorer, startService } from "@archgen/client";
import { readLabels } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { alphaNetwork, randomCell } from "@archgen/search-space";
import { expect, onTestFinished, test } from "vitest";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";
import { readBatch } from "../files/image-source.js";
import { programOf } from "./programs.js";

async function startPods(count: number) {
	const flags = ["--port", "0", "--workers", "1", "--log-level", "fatal"];
	const pods = await Promise.all(
		Array.from({ length: count }, () => startService(programOf("zc-proxy"), flags)),
	);
	onTestFinished(async () => {
		for (const pod of pods) await pod.stop();
	});
	return { pods, address: pods.map((pod) => pod.address).join(",") };
}

test("labels from services are those of own workers, each once, though one service is killed on the way", async () => {
	const { pods, address } = await startPods(2);
	const [own, remote] = ["own.jsonl", "remote.jsonl"].map((name) => join(temporaryFolder(), name)) as [
		string,
		string,
	];
	const settings = ["label", "--batch", "2", "--seed", "3", "--count", "6"];
	const killed = (async () => {
		while (!existsSync(remote) || readFileSync(remote, "utf8").split("\n").length < 4) await sleep(10);
		process.kill(pods[0]!.pid, "SIGKILL");
	})();
	const summary = await runJson([...settings, "--address", address, "--workers", "4", "--out", remote]);
	await killed;
	expect(summary).toMatchObject({ cells: 6 });
	await runJson([...settings, "--out", own]);
	expect(await readLabels(remote)).toEqual(await readLabels(own));
	expect(readFileSync(remote, "utf8").trimEnd().split("\n")).toHaveLength(7);
});

test("a service with other images is not believed", async () => {
	const { address } = await startPods(1);
	const scorer = await connectScorer({ address });
	onTestFinished(() => scorer.close());
	const batch = await readBatch({ batch: 2, seed: 1 }, { size: 32, classes: 10 });
	const network = alphaNetwork(randomCell(createRandom(0)));
	const scored = scorer.score({ network, batch, proxies: ["parameters"], seed: 2 }, {});
	await expect(scored).rejects.toMatchObject({ reason: "IMAGES_DIFFER" });
});

test("an address where nothing listens is said with its option", async () => {
	const out = join(temporaryFolder(), "labels.jsonl");
	const { exitCode, stderr } = await run(["label", "--address", "127.0.0.1:1", "--count", "2", "--out", out]);
	expect(exitCode).toBe(1);
	expect(stderr).toContain("--address");
});
