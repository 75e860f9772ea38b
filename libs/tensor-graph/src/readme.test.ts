import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, vi } from "vitest";
import { ModelProto } from "./generated/onnx.js";

const root = fileURLToPath(new URL("..", import.meta.url));

it("the example in the README runs and does what it says", async () => {
	const readme = await readFile(join(root, "README.md"), "utf8");
	const example = /```ts\n(.*?)```/s.exec(readme)![1]!;
	// below dist, because from there the package finds itself by name
	const folder = await mkdtemp(join(root, "dist", "readme-"));
	const log = vi.spyOn(console, "log").mockImplementation(() => {});
	try {
		const file = join(folder, "quadrants.onnx");
		await writeFile(join(folder, "example.ts"), example.replace('"quadrants.onnx"', JSON.stringify(file)));
		await import(join(folder, "example.ts"));
		const lines = log.mock.calls.map((parts) => parts.join(" "));
		const losses = lines.slice(0, 3).map((line) => Number(/^step \d+: loss ([\d.]+)$/.exec(line)![1]));
		expect(losses[2]).toBeLessThan(0.35);
		expect(lines[3]).toBe("classes 1 0");
		const { graph } = ModelProto.decode(await readFile(file));
		expect(graph!.input.map(({ name }) => name)).toEqual(["points"]);
	} finally {
		log.mockRestore();
		await rm(folder, { recursive: true });
	}
});
