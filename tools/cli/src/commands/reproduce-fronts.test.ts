import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { countsOf, LATENCY_ROWS, latency } from "../../test/latency-table.js";
import { run, runJson } from "../../test/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-fronts-"));
const table = join(folder, "table.csv");
beforeAll(() => {
	const lines = LATENCY_ROWS.map((line) => {
		const arch = line.split(",")[0]!;
		const { macCount } = countsOf(arch);
		return `${arch},${90 - Math.abs(macCount / 1e6 - 100) / 10},${latency(macCount)}`;
	});
	writeFileSync(table, ["arch,x_val,pi_ms", ...lines].join("\n"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const few = (...options: string[]) => [
	...["reproduce", "diffusionnag", "fronts", "--table", table, "--data-sets", "x", "--workers", "1"],
	...["--rows", "40", "--trials", "6", "--kept", "2", "--count", "64", "--steps", "20", ...options],
];

it("compares guided samples with the exact front and with as many random ones", async () => {
	const { rows } = await runJson<{
		rows: { set: string; ratio: number; architectures: number; onFront: number }[];
	}>(few("--devices", "pi"));
	expect(rows.map(({ set }) => set)).toEqual(["exact front", "guided", "filtered", "random"]);
	const [exact, guided, filtered, random] = rows as [(typeof rows)[0], ...(typeof rows)[0][]];
	expect([exact.ratio, exact.onFront]).toEqual([1, exact.architectures]);
	for (const { ratio } of [guided!, filtered!, random!]) expect(ratio).toBeLessThanOrEqual(1);
	expect(filtered!.ratio).toBeLessThanOrEqual(guided!.ratio);
	expect(random!.architectures).toBe(guided!.architectures);
}, 300_000);

it("refuses a device that the table lacks, and more labels than it has", async () => {
	const device = await run(few("--devices", "abacus"));
	expect([device.exitCode, device.stderr]).toEqual([2, expect.stringMatching(/--table.*abacus_ms/)]);
	const labels = await run(few("--devices", "pi", "--rows", "301"));
	expect([labels.exitCode, labels.stderr]).toEqual([2, expect.stringContaining("300 rows")]);
});
