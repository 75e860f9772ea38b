import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const SOURCES = fileURLToPath(new URL("..", import.meta.url));

it("is known to no other module of the engine", () => {
	const others = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter(
		(file) => file.endsWith(".ts") && !file.startsWith("blocked") && file !== "index.ts",
	);
	expect(others.length).toBeGreaterThan(40);
	const knowing = others.filter((file) =>
		/from ".*\/blocked\//.test(readFileSync(join(SOURCES, file), "utf8")),
	);
	expect(knowing).toEqual([]);
});
