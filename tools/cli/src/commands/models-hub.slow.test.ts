import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

const shipped = fileURLToPath(new URL("../../../../models", import.meta.url));
const REQUEST = ["--max-mac-count", "30M", "--input", "32", "--classes", "10", "--candidates", "3"];

test("the shipped bundle goes to a hub's folder and back, and answers as before", async () => {
	const [hub, models] = [join(temporaryFolder(), "hub"), join(temporaryFolder(), "models")];
	const push = await runJson<{ files: string[]; version: string }>([
		"models",
		"push",
		hub,
		"--models",
		shipped,
	]);
	expect(push.files).toContain("model.safetensors");
	expect(readFileSync(join(hub, "README.md"), "utf8")).toContain("model-index");
	const pulled = await runJson(["models", "pull", hub, "--models", models]);
	expect(pulled).toMatchObject(await runJson<object>(["models", "verify", "--models", shipped]));
	expect(await runJson(["models", "show", "--models", models])).toEqual(
		await runJson(["models", "show", "--models", shipped]),
	);

	const networks = async (folder: string) => {
		const ask = ["generate", ...REQUEST, "--skip-scoring", "--models", folder];
		const answer = await runJson<{ networks: { network: unknown; counts: unknown }[] }>(ask);
		return answer.networks.map(({ network, counts }) => ({ network, counts }));
	};
	const before = await networks(shipped);
	expect(before.length).toBeGreaterThan(0);
	expect(await networks(models)).toEqual(before);
}, 180_000);

test("a folder without a bundle is refused, and a store's own bundle is never pushed over", async () => {
	const empty = await run(["models", "pull", temporaryFolder(), "--models", temporaryFolder()]);
	expect(empty).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("manifest.json") });
	const { version } = await runJson<{ version: string }>(["models", "verify", "--models", shipped]);
	const own = join(shipped, "default", version);
	const over = await run(["models", "push", own, "--models", shipped]);
	expect(over).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("another folder") });
	expect(existsSync(join(own, "manifest.json"))).toBe(true);
});
