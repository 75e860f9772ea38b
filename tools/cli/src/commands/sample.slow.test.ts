import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SampleReport } from "@archgen/score-diffusion";
import { countLayers, SEARCH_SPACES } from "@archgen/search-space";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countsOf, LATENCY_HEADER, LATENCY_ROWS, latency } from "../../test/latency-table.js";
import { run, runJson } from "../../test/run-cli.js";

const SHIPPED = fileURLToPath(new URL("../../../../models/nasbench201/1/score", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "archgen-diffusion-"));
const models = join(folder, "models");
/** A predictor of a made-up latency in a folder of its name. */
const pi = join(folder, "pi_ms");
const table = join(folder, "table.csv");

const rows = LATENCY_ROWS;
const HEADER = LATENCY_HEADER;

const ONE = ["--workers", "1"];
beforeAll(async () => {
	writeFileSync(table, [HEADER, ...rows].join("\n"));
	const train = [
		"train",
		"predictor",
		"--table",
		table,
		"--target",
		"pi_ms",
		"--rows",
		"250",
		"--steps",
		"120",
	];
	expect(await runJson([...train, "--out", pi, ...ONE])).toMatchObject({ rows: 250, steps: 120 });
	const parts = ["--score", SHIPPED, "--predictors", pi, "--models", models];
	expect(await runJson(["train", "generators", ...parts])).toMatchObject({ name: "nasbench201", files: 6 });
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = ["sample", "--space", "nasbench201", "--generator", "score", "--models", models, ...ONE];
const sample = (...options: string[]) => runJson<SampleReport>([...SAMPLE, ...options]);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("archgen sample", () => {
	it("prints architectures with exact counts and predictions, the same ones for a seed", async () => {
		const asked = ["--count", "64", "--seed", "3", "--guide", "pi_ms=0"];
		const { millisecondsPerSample, ...report } = await sample(...asked);
		expect(millisecondsPerSample).toBeGreaterThan(0);
		expect(Object.keys(report)).toEqual(["space", "generator", "samples", "validity", "uniqueness"]);
		expect(report).toMatchObject({ space: "nasbench201", generator: "score" });
		expect(report.samples).toHaveLength(64);
		const valid = report.samples.filter((each) => each.valid);
		expect(report.validity).toBeCloseTo(valid.length / 64, 12);
		expect(report.validity).toBeGreaterThan(0.95);
		expect(report.uniqueness).toBeGreaterThan(0.95);
		for (const { architecture, parameterCount, macCount, predicted } of valid) {
			const counts = countsOf(String(architecture));
			expect([parameterCount, macCount]).toEqual([counts.parameterCount, counts.macCount]);
			expect(Math.abs(predicted.pi_ms! - latency(macCount!))).toBeLessThan(6);
		}
		const { millisecondsPerSample: _, ...again } = await sample(...asked);
		expect(again).toEqual(report);
	});

	it("draws MobileNetV3 networks by the shipped score, whose rules join layers of a stage", async () => {
		const asked = ["sample", "--space", "mobilenetv3", "--count", "128", "--seed", "1", ...ONE];
		const { samples, validity, uniqueness } = await runJson<SampleReport>(asked);
		expect(validity).toBeGreaterThan(0.95);
		expect(uniqueness).toBe(1);
		const space = SEARCH_SPACES.mobilenetv3;
		for (const { architecture, valid, parameterCount } of samples) {
			if (!valid) continue;
			const network = space.lower(space.fromJson({ stages: architecture }));
			expect(countLayers(network).parameterCount).toBe(parameterCount);
		}
	});

	it("is led by predictors of the bundle and of a folder, up and down", async () => {
		const macs = async (guide: string) => {
			const { samples } = await sample("--count", "64", "--guide", guide);
			return mean(samples.filter(({ valid }) => valid).map(({ macCount }) => macCount! / 1e6));
		};
		const [low, plain, high] = [await macs("pi_ms=-300"), await macs("pi_ms=0"), await macs(`${pi}=300`)];
		expect(low).toBeLessThan(plain - 5);
		expect(high).toBeGreaterThan(plain + 5);
	});

	it("keeps a bound of latency, and answers one that nothing meets with the nearest sample", async () => {
		const bounded = await sample("--count", "20", "--max-latency-ms", "12", "--device", "pi");
		expect(bounded.samples).toHaveLength(20);
		for (const { predicted } of bounded.samples) expect(predicted.pi_ms).toBeLessThanOrEqual(12);
		const none = await sample("--count", "5", "--max-latency-ms", "0.5", "--device", "pi");
		expect(none.samples).toEqual([]);
		expect(none.nearest!.valid).toBe(true);
		expect(none.nearest!.predicted.pi_ms).toBeGreaterThan(0.5);
	});

	it("warns with the share of valid samples when strengths break them", async () => {
		const { exitCode, stderr, stdout } = await run([
			...SAMPLE,
			...["--count", "30", "--guide", "pi_ms=1e7", "--json"],
		]);
		expect(exitCode).toBe(0);
		const { validity } = JSON.parse(stdout) as SampleReport;
		expect(validity).toBeLessThan(0.95);
		expect(stderr).toContain(`only ${(100 * validity).toFixed(1)} % of the samples are valid`);
	});

	it.each([
		[
			["--space", "nasbench999"],
			["--space", "nasbench201"],
		],
		[
			["--generator", "flow"],
			["--generator", "flow", "score"],
		],
		[
			["--guide", "beauty=1"],
			["--guide", "beauty", "pi_ms"],
		],
		[
			["--guide", "pi_ms"],
			["--guide", "PREDICTOR=STRENGTH"],
		],
		[
			["--condition", "pi_ms=1"],
			["--condition", "--guide"],
		],
		[
			["--max-latency-ms", "3", "--device", "abacus"],
			["--device", "abacus", "pi"],
		],
		[["--max-latency-ms", "3"], ["--device"]],
		[["--device", "pi"], ["--max-latency-ms"]],
		[["--model-version", "7"], ["7"]],
	])("refuses %j and names what there is", async (options, words) => {
		const { exitCode, stderr, stdout } = await run([...SAMPLE, ...options]);
		expect(exitCode).toBeGreaterThan(0);
		expect(stdout).toBe("");
		for (const word of words) expect(stderr).toContain(word);
	});
});

describe("archgen validate predictor", () => {
	const validate = ["validate", "predictor", "--predictor", pi];

	it("correlates on the rows that the predictor never saw", async () => {
		const result = await runJson<Record<string, number>>([...validate, "--table", table]);
		expect(Object.keys(result)).toEqual(["spearman", "kendall", "rows"]);
		expect(result.rows).toBe(50);
		expect(result.spearman).toBeGreaterThan(0.7);
		expect(result.kendall).toBeGreaterThan(0.5);
	});

	it("refuses a table of other columns, and one without other rows", async () => {
		const other = await run([...validate, "--table", table, "--target", "none"]);
		expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining("pi_ms, cost")]);
		const seen = join(folder, "seen.csv");
		writeFileSync(seen, [HEADER, ...rows.slice(0, 2)].join("\n"));
		const { exitCode, stderr } = await run([...validate, "--table", seen]);
		expect([exitCode, stderr]).toEqual([1, expect.stringContaining("fewer rows")]);
	});
});

describe("archgen train", () => {
	it("goes on with a score where it was interrupted, to the same files", async () => {
		const train = (out: string, steps: string) => [
			...[
				"train",
				"diffusion",
				"--architectures",
				"50",
				"--steps",
				steps,
				"--out",
				join(folder, out),
				...ONE,
			],
		];
		expect(await runJson(train("score", "3"))).toMatchObject({ architectures: 50, steps: 3 });
		// finished: nothing is left to do
		expect(await runJson(train("score", "3"))).toMatchObject({ architectures: 50, steps: 3 });
		const { exitCode, stderr } = await run(train("score", "4"));
		expect([exitCode, stderr]).toEqual([1, expect.stringContaining("--restart")]);
	});

	const refusal = async (lines: string[], ...options: string[]) => {
		const file = join(folder, "bad.csv");
		writeFileSync(file, lines.join("\n"));
		const target = options.includes("--target") ? [] : ["--target", "pi_ms"];
		const { exitCode, stderr } = await run([
			...["train", "predictor", "--table", file, "--out", join(folder, "bad"), ...target, ...options],
		]);
		expect(exitCode).toBe(2);
		return stderr;
	};

	it("refuses tables that a predictor cannot be trained on, naming line and column", async () => {
		const [first, second] = [rows[0]!, rows[1]!.split(",")[0]!];
		expect(await refusal([HEADER, first, first])).toMatch(/--table.*line 3.*line 2/);
		expect(await refusal([HEADER, first, `${second},NaN,1`])).toMatch(/--table.*line 3.*pi_ms.*NaN/);
		expect(await refusal([HEADER, first, `${second},,1`])).toMatch(/--table.*line 3.*pi_ms/);
		expect(await refusal([HEADER, first, `${second},1`])).toMatch(/--table/);
		expect(await refusal([HEADER, first, "|conv|,1,1"])).toMatch(/--table.*line 3/);
		expect(await refusal([HEADER, first, rows[1]!], "--target", "speed")).toMatch(
			/--table.*speed.*pi_ms, cost/,
		);
		expect(await refusal([HEADER, first, rows[1]!], "--rows", "3")).toMatch(/2 rows/);
		expect(await refusal(["x,y", "1,2"])).toMatch(/--table.*arch/);
	});
});
