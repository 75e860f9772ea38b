import { fork, spawn } from "node:child_process";
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

test("a wrong setting is exit code 2", async () => {
	const { output, exit } = run("--port", "many");
	expect((await exit)[0]).toBe(2);
	expect(output.err).toMatch(/^sample: --port: [^\n]+\n$/);
});

test("a parent with an IPC channel is told why, and nothing is printed", async () => {
	const child = fork(MAIN, ["--prot", "1"], { stdio: ["ignore", "pipe", "pipe", "ipc"] });
	let text = "";
	for (const stream of [child.stdout!, child.stderr!]) {
		stream.setEncoding("utf8").on("data", (part: string) => {
			text += part;
		});
	}
	const told = once(child, "message");
	expect((await once(child, "close"))[0]).toBe(2);
	expect((await told)[0]).toMatchObject({
		category: "INVALID_ARGUMENT",
		message: expect.stringMatching(/^--prot: /),
	});
	expect(text).toBe("");
});

test("a process stops gracefully when its parent closes the channel", async () => {
	const child = fork(MAIN, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
	await once(child.stdout!, "data");
	child.disconnect();
	expect((await once(child, "exit"))[0]).toBe(0);
});
