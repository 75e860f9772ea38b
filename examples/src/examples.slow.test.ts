import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { alphaNetwork, cellFromNasBench201, networkToJson } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
/** Readable for others, because the embedded database's server runs as another user. */
const folder = mkdtempSync(join(tmpdir(), "archgen-examples-"));
const network = join(folder, "network.json");

/** Standard output of an example. */
async function example(name: string, ...args: string[]): Promise<string> {
	const program = path(`examples/dist/${name}.js`);
	return (await promisify(execFile)(process.execPath, [program, ...args], { cwd: folder })).stdout;
}

/** `archgen serve` on free ports, and the address of its orchestrator. */
function serve() {
	const flags = ["serve", "--free-ports", "--json", "--workers", "1", "--log-level", "error"];
	const child = spawn(
		process.execPath,
		[path("tools/cli/bin/archgen.js"), ...flags, "--models", path("models")],
		{
			stdio: ["ignore", "pipe", "inherit"],
			env: { ...process.env, ARCHGEN_JOBS_DATA: join(folder, "jobs") },
		},
	);
	const address = new Promise<string>((resolve, reject) => {
		let text = "";
		child.once("exit", (code) => reject(new Error(`archgen serve ended with ${code}`)));
		child.stdout.on("data", (chunk: Buffer) => {
			text += chunk;
			if (!text.endsWith("}\n")) return;
			const { services } = JSON.parse(text) as { services: { name: string; address: string }[] };
			resolve(services.find(({ name }) => name === "orchestrator")!.address);
		});
	});
	return { child, address };
}

let server: ReturnType<typeof serve>;
let address: string;
beforeAll(async () => {
	const cell = cellFromNasBench201(
		"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|",
	);
	writeFileSync(network, JSON.stringify(networkToJson(alphaNetwork(cell))));
	chmodSync(folder, 0o755);
	server = serve();
	address = await server.address;
});
afterAll(async () => {
	const ended = once(server.child, "exit");
	server.child.kill("SIGTERM");
	await ended;
	rmSync(folder, { recursive: true, force: true });
});

test("networks are generated over gRPC within the budget", async () => {
	const lines = (await example("generate", address)).trimEnd().split("\n");
	expect(lines).toHaveLength(3);
	for (const line of lines) {
		expect(line).toMatch(/^\d+ parameters, \d+ MACs, expected accuracy 0\.\d{3}$/);
		expect(Number(/(\d+) MACs/.exec(line)![1])).toBeLessThanOrEqual(30_000_000);
	}
});

test("a job is created, followed to its end and deleted", async () => {
	const lines = (await example("watch-job", address)).trimEnd().split("\n");
	expect(lines.at(-1)).toMatch(/^12 of 12, best \d+$/);
}, 240_000);

test("a network of one's own is scored", async () => {
	const text = await example("score-network", network);
	expect(text).toMatch(/^1148474 parameters, \d+ MACs\n/);
	for (const name of ["tcet", "naswot", "snip_ssnr"])
		expect(text).toMatch(new RegExp(`^${name} [\\d.]+$`, "m"));
});

test("a network becomes a project", async () => {
	const written = (await example("export-project", network, "mynet")).trimEnd().split("\n");
	expect(readdirSync(join(folder, "mynet"))).toEqual(expect.arrayContaining(["model.py", "train.py"]));
	expect(written).toHaveLength(readdirSync(join(folder, "mynet")).length);
});

test("without a file the example says which", async () => {
	await expect(example("score-network")).rejects.toThrow("Name the JSON file of a network.");
});
