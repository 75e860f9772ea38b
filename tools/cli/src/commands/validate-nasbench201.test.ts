import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { run, temporaryFolder } from "../../test/run-cli.js";

const ARCHS = [
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|",
	"|nor_conv_1x1~0|+|none~0|skip_connect~1|+|avg_pool_3x3~0|skip_connect~1|nor_conv_1x1~2|",
	"|none~0|+|none~0|none~1|+|skip_connect~0|none~1|none~2|",
	"|none~0|+|none~0|none~1|+|none~0|none~1|none~2|",
];
const FAST = ["--batch", "4", "--workers", "1"];

function tableFile(text: string): string {
	const path = join(temporaryFolder(), "table.csv");
	writeFileSync(path, text);
	return path;
}

const rows = ARCHS.map((arch, i) => `${i},${arch},${94 - 10 * i},${4 - i}`);

function validate(out: string, ...words: string[]) {
	const table = tableFile(["idx,arch,c10_test,zc_params", ...rows].join("\n"));
	return run(["validate", "nasbench201", "--table", table, "--out", out, ...FAST, ...words]);
}

describe("validate nasbench201", () => {
	test("correlates each proxy with the accuracy, and goes on with what is missing", async () => {
		const out = join(temporaryFolder(), "scores.jsonl");
		const first = await validate(out, "--proxies", "parameters", "--limit", "3", "--json");
		expect(JSON.parse(first.stdout)).toEqual([
			{
				proxy: "parameters",
				networks: 3,
				failures: {},
				spearman: 1,
				kendall: 1,
				published: 0.799,
				reference: 1,
				agreement: 1,
			},
		]);
		const more = await validate(out, "--proxies", "parameters,synflow", "--json");
		const [parameters, synflow] = JSON.parse(more.stdout);
		expect(parameters).toMatchObject({ networks: 4 });
		// two networks without weights in their cells have equally many parameters
		expect(parameters.kendall).toBeCloseTo(5 / Math.sqrt(30), 10);
		expect(synflow).toMatchObject({ networks: 3, failures: { NO_PATH: 1 }, spearman: 1 });
		const lines = readFileSync(out, "utf8").trim().split("\n");
		expect(lines.map((line) => Object.keys(JSON.parse(line).scores ?? {}))).toEqual([
			[],
			["parameters"],
			["parameters"],
			["parameters"],
			["synflow"],
			["synflow"],
			["synflow"],
			["parameters", "synflow"],
		]);
		const again = await validate(out, "--proxies", "all", "--limit", "3", "--proxies", "parameters");
		expect(again.stdout).toContain("Spearman");
		expect(readFileSync(out, "utf8").trim().split("\n")).toHaveLength(8);
	});

	test("does not mix scores of different settings", async () => {
		const out = join(temporaryFolder(), "scores.jsonl");
		await validate(out, "--proxies", "parameters");
		const other = await validate(out, "--proxies", "parameters", "--seed", "1");
		expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("another seed") });
		writeFileSync(out, `${readFileSync(out, "utf8")}{"arch":"x"}\n`);
		const damaged = await validate(out, "--proxies", "parameters");
		expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("line 6") });
	});

	test.each([
		["a missing column", "arch,accuracy\n", "c10_test"],
		["a row without accuracy", `arch,c10_test\n${ARCHS[0]},?\n`, "line 2"],
		["a row that is no architecture", "arch,c10_test\n|conv|,90\n", "line 2"],
	])("names %s", async (_, text, said) => {
		const result = await run(["validate", "nasbench201", "--table", tableFile(text), ...FAST]);
		expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(said) });
	});

	test("names unknown proxies and missing files", async () => {
		expect((await validate("x", "--proxies", "nope")).stderr).toContain('"nope" is none of');
		const missing = await run(["validate", "nasbench201", "--table", "/no/such.csv"]);
		expect(missing.stderr).toContain("/no/such.csv");
	});
});
