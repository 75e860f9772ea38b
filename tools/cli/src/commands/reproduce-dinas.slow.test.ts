import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DinasRow, HardwareRow } from "@archgen/experiments";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countsOf, LATENCY_ROWS, latency } from "../../test/latency-table.js";
import { run, runJson } from "../../test/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-dinas-"));
const table = join(folder, "table.csv");

/** Validation rises with the MACs and falls beyond 100 million of them; test accuracy is a tenth of it. */
const ROWS = LATENCY_ROWS.map((line) => {
	const arch = line.split(",")[0]!;
	const { macCount } = countsOf(arch);
	const validation = 90 - Math.abs(macCount / 1e6 - 100) / 10;
	return { arch, validation, test: validation / 10, ms: latency(macCount) };
});
beforeAll(() => {
	const lines = ROWS.map(({ arch, validation, test, ms }) => `${arch},${validation},${test},${ms}`);
	writeFileSync(table, ["arch,x_val,x_test,pi_ms", ...lines].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const few = (name: string, ...options: string[]) => [
	...["reproduce", "dinas", name, "--table", table, "--data-sets", "x", "--training-steps", "2"],
	...[
		"--seeds",
		"2",
		"--queries",
		"16",
		"--guidance",
		"0,1",
		"--work",
		join(folder, "work"),
		"--workers",
		"1",
	],
	...options,
];
const best = (rows: typeof ROWS) => rows.reduce((a, b) => (b.validation > a.validation ? b : a));

it("compares searches with the best of the table and with random ones, and goes on with what was trained", async () => {
	const command = few("nb201", "--labels", "0.5");
	const { rows } = await runJson<{ rows: DinasRow[] }>(command);
	expect(rows.map(({ method, labels, guidance }) => [method, labels, guidance])).toEqual([
		["optimum", 300, null],
		["random", 0, null],
		["discrete", 150, 0],
		["discrete", 150, 1],
	]);
	const [optimum, random] = [rows[0]!, rows[1]!];
	expect(optimum.validation.mean).toBe(best(ROWS).validation);
	expect(optimum.test.mean).toBe(best(ROWS).test);
	expect(random.distance).toBeCloseTo(optimum.validation.mean - random.validation.mean, 9);
	const trained = () =>
		statSync(join(folder, "work", "x_labels-150_top-0.05_2", "checkpoint.safetensors")).mtimeMs;
	const before = trained();
	const { stdout, exitCode } = await run(command);
	expect([exitCode, stdout]).toEqual([0, expect.stringContaining("random")]);
	expect(trained()).toBe(before);
});

it("scores searches under a bound against the exact optimum within it", async () => {
	const { rows } = await runJson<{ rows: HardwareRow[] }>(
		few("hardware", "--devices", "pi", "--bounds", "0.3", "--share", "0.1"),
	);
	expect(rows.map(({ method }) => method)).toEqual(["optimum", "random", "discrete", "discrete"]);
	const [optimum, random] = [rows[0]!, rows[1]!];
	const inside = ROWS.filter(({ ms }) => ms <= optimum.bound);
	expect(inside.length / 300).toBeGreaterThanOrEqual(0.3);
	expect(ROWS.filter(({ ms }) => ms < optimum.bound).length / 300).toBeLessThan(0.3);
	expect(optimum.validation.mean).toBe(best(inside).validation);
	expect(Math.abs(random.inside - inside.length / 300)).toBeLessThan(0.02);
	expect(random.distance).toBeGreaterThan(0);
});

it("refuses a table without the columns by its name", async () => {
	const { exitCode, stderr } = await run(few("hardware", "--devices", "abacus"));
	expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/--table.*abacus_ms.*pi_ms/)]);
});
