import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { run } from "../../test/run-cli.js";

const PROGRAM = fileURLToPath(new URL("../../bin/archgen.js", import.meta.url));

interface Listed {
	readonly services: readonly { name: string; address: string; pid: number }[];
}

let models: Awaited<ReturnType<typeof writeSampleStore>>;
beforeAll(async () => {
	models = await writeSampleStore();
});
afterAll(() => models.remove());

/** Starts `archgen serve` as a process of its own and waits until it says where the services listen. */
async function serve(...flags: string[]): Promise<{ child: ChildProcess; services: Listed["services"] }> {
	const args = [PROGRAM, "serve", ...flags, "--free-ports", "--json", "--log-level", "error"];
	const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
	let text = "";
	for await (const part of child.stdout!.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
		text += part;
		if (text.endsWith("}\n")) break;
	}
	return { child, services: (JSON.parse(text) as Listed).services };
}

/** Whether somebody answers at an address. */
async function listens(address: string): Promise<boolean> {
	const socket = connect(Number(address.split(":").at(-1)), "127.0.0.1");
	try {
		await once(socket, "connect");
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

/** Waits until no service answers any more; says which are left after ten seconds. */
async function left(services: Listed["services"]): Promise<string[]> {
	for (let waited = 0; ; waited += 100) {
		const answers = await Promise.all(services.map(({ address }) => listens(address)));
		const names = services.filter((_, i) => answers[i]).map(({ name }) => name);
		if (names.length === 0 || waited > 10_000) return names;
		await sleep(100);
	}
}

test("with --until-stdin-ends a service ends with the program that holds its standard input", async () => {
	const args = [
		PROGRAM,
		"serve",
		"zc-proxy",
		"--free-ports",
		"--json",
		"--workers",
		"1",
		"--until-stdin-ends",
	];
	const child = spawn(process.execPath, [...args, "--log-level", "error"], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const [text] = (await once(child.stdout!.setEncoding("utf8"), "data")) as [string];
	const { services } = JSON.parse(text) as Listed;
	expect(await listens(services[0]!.address)).toBe(true);
	const ended = once(child, "exit");
	child.stdin!.end();
	expect(await ended).toEqual([0, null]);
	expect(await left(services)).toEqual([]);
});

test("services do not outlive a parent that is killed", async () => {
	const { child, services } = await serve("--models", models.folder);
	expect(services.map(({ name }) => name)).toHaveLength(5);
	expect(await Promise.all(services.map(({ address }) => listens(address)))).not.toContain(false);
	child.kill("SIGKILL");
	expect(await left(services)).toEqual([]);
});

test.each(["SIGINT", "SIGTERM"] as const)("one service stops on %s, with exit code 0", async (signal) => {
	const { child, services } = await serve("zc-proxy");
	child.kill(signal);
	expect(await once(child, "exit")).toEqual([0, null]);
	expect(await left(services)).toEqual([]);
});

test("a service that dies is named, and the others are stopped", async () => {
	const { child, services } = await serve("--models", models.folder);
	process.kill(services.find(({ name }) => name === "ccnf")!.pid, "SIGKILL");
	expect(await once(child, "exit")).toEqual([1, null]);
	expect(await left(services)).toEqual([]);
});

test("a port that is taken is said in one sentence", async () => {
	const { child, services } = await serve("zc-proxy");
	const port = services[0]!.address.split(":")[1]!;
	const { exitCode, stderr } = await run(["serve", "zc-proxy", "--port", port]);
	expect({ exitCode, stderr }).toEqual({
		exitCode: 1,
		stderr: `archgen: Cannot listen on 127.0.0.1:${port} (EADDRINUSE); choose another port or 0 for a free one.\n`,
	});
	child.kill("SIGTERM");
	await once(child, "exit");
});
