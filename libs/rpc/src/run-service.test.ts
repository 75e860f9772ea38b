import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../testing/sample-main.mjs", import.meta.url));

/** Runs the sample service as a process of its own until it exits. */
function run(...flags: string[]) {
	const child = spawn(process.execPath, [MAIN, ...flags], { stdio: ["ignore", "pipe", "pipe"] });
	const output = { out: "", err: "" };
	child.stdout.setEncoding("utf8").on("data", (text: string) => {
		output.out += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		output.err += text;
	});
	return { child, output, exit: once(child, "close") as Promise<[number | null]> };
}

test("a process says where it listens and exits with 0 on SIGTERM", async () => {
	const { child, output, exit } = run("--port", "0");
	await once(child.stdout, "data");
	const ready = JSON.parse(output.out) as { service: string; address: string };
	expect(ready.service).toBe("sample");
	expect(ready.address).toMatch(/^127\.0\.0\.1:\d+$/);
	child.kill("SIGTERM");
	expect((await exit)[0]).toBe(0);
});

test("a process that cannot start says why in one sentence", async () => {
	const { output, exit } = run("--host", "0.0.0.0");
	expect((await exit)[0]).toBe(1);
	expect(output.out).toBe("");
	expect(output.err.trim().split("\n")).toHaveLength(1);
	expect(output.err).toContain("sample: Binding to 0.0.0.0 without TLS and bearer tokens is refused");
});
