import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NASBENCH201_OPERATIONS, SEARCH_SPACES } from "@archgen/search-space";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run, runJson } from "../../test/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-bo-"));
const table = join(folder, "table.csv");
const SPACE = SEARCH_SPACES.nasbench201;

/** Validation is best where the third edge is a skip and all others are 3×3 convolutions. */
const ROWS = Array.from({ length: 5 ** 6 }, (_, i) => {
	const operations = [0, 1, 2, 3, 4, 5].map((e) => NASBENCH201_OPERATIONS[Math.floor(i / 5 ** e) % 5]!);
	const good = operations.filter((o, e) => o === (e === 2 ? "skip_connect" : "nor_conv_3x3")).length;
	const { arch } = SPACE.toJson(operations) as { arch: string };
	return `${arch},${60 + 5 * good},${6 + good / 2}`;
});
const write = (rows: readonly string[]) => writeFileSync(table, ["arch,x_val,x_test", ...rows].join("\n"));
beforeAll(() => write(ROWS));
afterAll(() => rmSync(folder, { recursive: true }));

const few = (...options: string[]) => [
	...[
		"reproduce",
		"diffusionnag",
		"bo",
		"--table",
		table,
		"--data-sets",
		"x",
		"--workers",
		"1",
		"--seeds",
		"2",
	],
	...["--evaluations", "16", "--initial", "8", "--count", "16", "--steps", "8"],
	...["--work", join(folder, "work"), ...options],
];
interface Row {
	readonly source: string;
	readonly acquisition: string | null;
	readonly curve: readonly number[];
}

it("compares sources with random search by curves that only rise, and goes on with finished searches", async () => {
	const command = few("--acquisitions", "ei", "--plots", join(folder, "plots"));
	const { rows } = await runJson<{ rows: Row[] }>(command);
	expect(rows.map(({ source, acquisition }) => [source, acquisition])).toEqual([
		["random search", null],
		...["random", "mutation", "mutation + random", "guided"].map((source) => [source, "ei"]),
	]);
	for (const { curve } of rows) {
		expect(curve).toHaveLength(16);
		curve.slice(1).forEach((value, n) => {
			expect(value).toBeGreaterThanOrEqual(curve[n]!);
		});
	}
	const [random, ...searches] = rows.map(({ curve }) => curve.at(-1)!);
	for (const found of searches) expect(found).toBeGreaterThan(random!);
	expect(existsSync(join(folder, "plots", "bo-x-ei.svg"))).toBe(true);
	expect(readdirSync(join(folder, "work"))).toHaveLength(8);
	expect(await runJson(command)).toEqual(expect.objectContaining({ rows }));
}, 120_000);

it("refuses a table without all architectures by its name", async () => {
	write(ROWS.slice(1));
	const { exitCode, stderr } = await run(few());
	expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/--table.*15624 of the 15625/)]);
});
