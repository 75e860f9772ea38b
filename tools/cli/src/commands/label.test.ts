import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/run-cli.js";

const program = fileURLToPath(new URL("../../bin/archgen.js", import.meta.url));

test("Ctrl-C stops the real program with exit code 130 and tells how to go on", async () => {
	const out = join(temporaryFolder(), "labels.jsonl");
	const child = spawn(
		process.execPath,
		[program, "label", "--batch", "4", "--count", "100000", "--out", out],
		{
			stdio: ["ignore", "pipe", "pipe"],
		},
	);
	let [stdout, stderr] = ["", ""];
	child.stdout.on("data", (part) => (stdout += part));
	child.stderr.on("data", (part) => (stderr += part));
	while (!existsSync(out) && child.exitCode === null) await sleep(20);
	child.kill("SIGINT");
	const [code] = await once(child, "close");
	expect(code).toBe(130);
	expect(stdout).toBe("");
	expect(stderr).toContain("run the same command again to go on");
});
