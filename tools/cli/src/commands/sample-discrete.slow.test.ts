import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { SampleReport } from "@archgen/score-diffusion";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countsOf, LATENCY_HEADER, LATENCY_ROWS, latency } from "../../test/latency-table.js";
import { run, runJson } from "../../test/run-cli.js";

const SHIPPED = fileURLToPath(new URL("../../../../models/nasbench201/1", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "archgen-discrete-"));
const models = join(folder, "models");
const denoiser = join(folder, "discrete");
const table = join(folder, "table.csv");
const ONE = ["--workers", "1"];
const TRAIN = ["train", "discrete", "--space", "nasbench201", ...ONE];
/** The made-up latency of about half of the architectures. */
const BOUND = 11;
const CONDITION = ["--table", table, "--condition", `pi_ms=within:${BOUND}`];

interface Trained {
	readonly rows: number;
	readonly steps: number;
	readonly conditions: Record<string, unknown>;
}

beforeAll(async () => {
	writeFileSync(table, [LATENCY_HEADER, ...LATENCY_ROWS].join("\n"));
	const trained = await runJson<Trained>([...TRAIN, ...CONDITION, "--steps", "250", "--out", denoiser]);
	expect(trained).toMatchObject({ space: "nasbench201", architectures: 7812, rows: 300, steps: 250 });
	expect(trained.conditions).toEqual({ pi_ms: { classes: ["beyond", "within"], most: BOUND } });
	const parts = ["--score", join(SHIPPED, "score"), "--discrete", denoiser];
	const predictors = ["--predictors", join(SHIPPED, "predictors/raspi4_ms")];
	await runJson(["train", "generators", ...parts, ...predictors, "--models", models]);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true }));

const SAMPLE = ["sample", "--space", "nasbench201", "--generator", "discrete", "--models", models, ...ONE];
const sample = (...options: string[]) => runJson<SampleReport>([...SAMPLE, ...options]);

describe("archgen sample --generator discrete", () => {
	it("samples valid architectures, the same ones for a seed, and more within a bound that it is asked for", async () => {
		const share = async (...options: string[]) => {
			const report = await sample("--count", "128", "--seed", "1", ...options);
			expect(report).toMatchObject({ space: "nasbench201", generator: "discrete" });
			expect(report.samples).toHaveLength(128);
			const valid = report.samples.filter((each) => each.valid);
			expect(valid.length).toBeGreaterThan(100);
			const within = valid.filter(({ architecture, macCount }) => {
				expect(countsOf(String(architecture)).macCount).toBe(macCount);
				return latency(macCount!) <= BOUND;
			});
			return within.length / valid.length;
		};
		const plain = await share();
		const within = await share("--condition", "pi_ms=within", "--guidance", "1");
		expect(within).toBeGreaterThan(plain + 0.2);
		expect(await share("--condition", "pi_ms=beyond", "--guidance", "1")).toBeLessThan(plain - 0.2);
		expect(await share("--condition", "pi_ms=within", "--guidance", "1")).toBe(within);
	});

	it("keeps a bound of predicted latency", async () => {
		const { samples } = await sample("--count", "20", "--max-latency-ms", "15", "--device", "raspi4");
		expect(samples).toHaveLength(20);
		for (const { valid, predicted } of samples)
			expect([valid, predicted.raspi4_ms! <= 15]).toEqual([true, true]);
		const none = await sample("--count", "4", "--max-latency-ms", "0.01", "--device", "raspi4");
		expect(none.samples).toEqual([]);
		expect(none.nearest!.predicted.raspi4_ms).toBeGreaterThan(0.01);
	});

	it("warns with the share of valid samples when guidance breaks them", async () => {
		const asked = ["--count", "64", "--condition", "pi_ms=within", "--guidance", "60", "--json"];
		const { exitCode, stderr, stdout } = await run([...SAMPLE, ...asked]);
		expect(exitCode).toBe(0);
		const { validity } = JSON.parse(stdout) as SampleReport;
		expect(validity).toBeLessThan(0.95);
		expect(stderr).toContain(`only ${(100 * validity).toFixed(1)} % of the samples are valid`);
		expect(stderr).toContain("--guidance");
	});

	it.each([
		[
			["--condition", "beauty=top"],
			["--condition", "beauty", "those there are: pi_ms"],
		],
		[
			["--condition", "pi_ms=top"],
			["--condition", "beyond or within"],
		],
		[
			["--condition", "pi_ms"],
			["--condition", "METRIC=CLASS"],
		],
		[
			["--condition", "pi_ms=within", "--condition", "pi_ms=beyond"],
			["--condition", "twice"],
		],
		[["--guidance", "-1"], ["--guidance"]],
		[
			["--guide", "raspi4_ms=1"],
			["--guide", "--condition"],
		],
		[["--sampler", "probability-flow"], ["--sampler"]],
		[
			["--steps", "501"],
			["steps", "500"],
		],
		[
			["--generator", "score", "--guidance", "1"],
			["--guidance", "--guide"],
		],
	])("refuses %j and names what there is", async (options, words) => {
		const { exitCode, stderr, stdout } = await run([...SAMPLE, ...options]);
		expect([exitCode, stdout]).toEqual([2, ""]);
		for (const word of words) expect(stderr).toContain(word);
	});
});

describe("archgen train discrete", () => {
	const few = (...options: string[]) => [...TRAIN, "--architectures", "50", ...options];

	it("goes on where it was interrupted, and needs no table", async () => {
		const out = ["--out", join(folder, "plain")];
		const wanted = { architectures: 50, rows: 0, steps: 3, conditions: {} };
		expect(await runJson(few("--steps", "3", ...out))).toMatchObject(wanted);
		// finished: nothing is left to do
		expect(await runJson(few("--steps", "3", ...out))).toMatchObject(wanted);
		const { exitCode, stderr } = await run(few("--steps", "4", ...out));
		expect([exitCode, stderr]).toEqual([1, expect.stringContaining("--restart")]);
	});

	it("trains over a space whose architectures have edges of their own, and samples it", async () => {
		const out = join(folder, "nb101");
		await runJson(few("--space", "nasbench101", "--steps", "2", "--out", out));
		const space = ["--space", "nasbench101", "--models", models];
		await runJson(["train", "generators", ...space, "--discrete", out]);
		const report = await runJson<SampleReport>(["sample", ...space, "--count", "5", "--steps", "2", ...ONE]);
		expect(report).toMatchObject({ space: "nasbench101", generator: "discrete" });
		expect(report.samples).toHaveLength(5);
		for (const { parameterCount } of report.samples) expect(parameterCount).toBeNull();
	});

	it.each([
		[
			["--condition", "speed"],
			["--table", "speed", "pi_ms, cost"],
		],
		[
			["--condition", "pi_ms=top:2"],
			["--condition", "share between 0 and 1"],
		],
		[
			["--condition", "pi_ms=least:2"],
			["--condition", "COLUMN=within:MOST"],
		],
		[
			["--condition", "pi_ms=within:1"],
			["pi_ms", "no row is within its bound"],
		],
		[
			["--condition", "pi_ms=within:1000"],
			["pi_ms", "every labelled row"],
		],
		[
			["--condition", "pi_ms", "--condition", "pi_ms=within:9"],
			["pi_ms", "twice"],
		],
		[["--condition", "pi_ms", "--rows", "301"], ["300 rows"]],
		[[], ["--condition"]],
	])("refuses %j by name", async (options, words) => {
		const { exitCode, stderr } = await run(few("--table", table, "--out", join(folder, "bad"), ...options));
		expect(exitCode).toBe(2);
		for (const word of words) expect(stderr).toContain(word);
	});

	it("needs the table of its conditions", async () => {
		const { exitCode, stderr } = await run(few("--condition", "pi_ms", "--out", join(folder, "bad")));
		expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--table")]);
	});
});
