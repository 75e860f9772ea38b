import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createRandom } from "@archgen/random";
import { searchSpace } from "@archgen/search-space";
import { describe, expect, test } from "vitest";
import { run, temporaryFolder } from "../../test/run-cli.js";

const SPACES = {
	nasbench201: "arch,c10_val",
	"nasbench-macro": "choices,mean_acc",
	mnasnet: "blocks,val_top1",
};
type Space = keyof typeof SPACES;
const FAST = ["--batch", "4", "--workers", "1"];
const CHEAP = ["--proxies", "parameters,macCount,synflow"];

function tableFile(text: string): string {
	const path = join(temporaryFolder(), "table.csv");
	writeFileSync(path, text);
	return path;
}

/** Rows of random architectures with accuracies 60, 61, …, without squeeze-and-excitation. */
function rowsOf(space: Space, count: number): string[] {
	const { random, toJson } = searchSpace(space);
	const stream = createRandom(0);
	const archs = new Set<string>();
	while (archs.size < count) {
		const [text] = Object.values(toJson(random(stream)) as Record<string, string>);
		archs.add(text!.replaceAll(/(l\d)s/g, "$1"));
	}
	return [...archs].map((arch, i) => `${arch},${60 + i}`);
}

function validate(space: Space, lines: readonly string[], ...words: string[]) {
	const out = join(temporaryFolder(), "scores.jsonl");
	const table = tableFile([SPACES[space], ...lines].join("\n"));
	return run(["validate", "ranking", "--space", space, "--table", table, "--out", out, ...FAST, ...words]);
}

describe("validate ranking", () => {
	test.each(Object.keys(SPACES) as Space[])("prints the fixed form for %s", async (space) => {
		const { exitCode, stdout } = await validate(space, rowsOf(space, 6), ...CHEAP, "--size", "32", "--json");
		expect(exitCode).toBe(0);
		const { proxies, ...head } = JSON.parse(stdout);
		expect(head).toEqual({ space, rows: 6 });
		expect(proxies.map(({ name }: { name: string }) => name)).toEqual(["parameters", "macCount", "synflow"]);
		for (const proxy of proxies) {
			const keys = ["name", "spearman", "kendall", "partial", "selected", "interval", "seconds"];
			expect(Object.keys(proxy)).toEqual(keys);
			expect(proxy.interval[0]).toBeLessThanOrEqual(proxy.spearman);
			expect(proxy.interval[1]).toBeGreaterThanOrEqual(proxy.spearman);
			expect(proxy.selected).toBeGreaterThanOrEqual(60);
			expect(proxy.seconds).toBeGreaterThan(0);
			if (proxy.name !== "synflow") expect(proxy.partial).toBeNull();
		}
	});

	test("combines by ranks, prints tables, and scores nothing twice", async () => {
		const out = join(temporaryFolder(), "scores.jsonl");
		const parts = "tcet_train,az_expressivity,az_progressivity,az_trainability";
		const table = tableFile([SPACES["nasbench-macro"], ...rowsOf("nasbench-macro", 8)].join("\n"));
		const go = (...words: string[]) =>
			run([
				"validate",
				"ranking",
				"--space",
				"nasbench-macro",
				"--table",
				table,
				"--out",
				out,
				...FAST,
				...words,
			]);
		const first = await go("--proxies", parts, "--limit", "5");
		for (const word of [
			"tcet-train+az3",
			"az3",
			"oracle",
			"random choice",
			"5 networks of nasbench-macro, mean_acc",
		])
			expect(first.stdout).toContain(word);
		await go("--proxies", parts);
		const lines = readFileSync(out, "utf8").trim().split("\n").slice(1);
		expect(new Set(lines.map((line) => JSON.parse(line).arch)).size).toBe(8);
		expect(lines).toHaveLength(8);
	});

	test("averages repeated trainings and leaves out what the space does not hold, and says so", async () => {
		const rows = rowsOf("mnasnet", 5);
		const again = `${rows[0]!.split(",")[0]},62`;
		const excited = `${rows[1]!.replace(/l(\d)/, "l$1s")}`;
		const counts = ["--proxies", "parameters", "--size", "32", "--json"];
		const { stdout, stderr } = await validate("mnasnet", [...rows, again, excited], ...counts);
		expect(JSON.parse(stdout)).toMatchObject({ rows: 5 });
		expect(stderr).toContain("1 repeated trainings averaged");
		expect(stderr).toContain("1 of 6 rows left out: with squeeze-and-excitation");
	});

	const [first, second] = rowsOf("nasbench201", 2) as [string, string];
	test.each([
		["a missing column", "arch,accuracy\n", "c10_val"],
		["a table of no rows", "arch,c10_val\n", "no rows"],
		["an accuracy that is none", `arch,c10_val\n${first}\n${second.split(",")[0]},NaN\n`, "line 3"],
		["an accuracy that is missing", `arch,c10_val\n${first.split(",")[0]},\n`, "line 2"],
		["an unknown architecture", `arch,c10_val\n${first}\n|conv|,90\n`, "line 3"],
		["an architecture of another space", "arch,c10_val\n00000002,90\n", "line 2"],
		["a copied row", `arch,c10_val\n${first}\n${second}\n${first}\n`, "line 4: is a copy of line 2"],
		["a row of too many cells", `arch,c10_val\n${first},7\n`, "line 2"],
		["a quote that does not close", `arch,c10_val\n"${first}\n`, "table.csv"],
	])("names %s", async (_, text, said) => {
		const result = await run([
			"validate",
			"ranking",
			"--space",
			"nasbench201",
			"--table",
			tableFile(text),
			...FAST,
		]);
		expect(result).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining(said) });
		expect(result.stderr.trim().split("\n")).toHaveLength(1);
	});

	test("names unknown spaces, targets and files, and too few rows", async () => {
		const table = tableFile(`arch,c10_val\n${first}\n${second}\n`);
		const go = (...words: string[]) => run(["validate", "ranking", "--table", table, ...FAST, ...words]);
		expect(await go("--space", "darts")).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("nasbench201"),
		});
		expect(await go("--space", "nasbench201", "--target", "in16")).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("in16"),
		});
		expect(await go("--space", "nasbench201")).toMatchObject({
			exitCode: 2,
			stderr: expect.stringContaining("at least 5"),
		});
		const missing = await run(["validate", "ranking", "--space", "mnasnet", "--table", "/no/such.csv"]);
		expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("/no/such.csv") });
	});
});

const data = resolve(process.env.ARCHGEN_DATA ?? resolve(import.meta.dirname, "../../../../../shared/data"));
const image = resolve(data, "cifar10/cifar10_train_first256.bin");
const real = resolve(data, "accel-nasbench/half.csv");

test.runIf(existsSync(image) && existsSync(real))(
	"reads a published table, with CIFAR images enlarged to the space's size (skipped without shared data)",
	async () => {
		const out = join(temporaryFolder(), "scores.jsonl");
		const words = ["--space", "mnasnet", "--table", real, "--images", image, "--limit", "5", "--out", out];
		const result = await run([
			"validate",
			"ranking",
			...words,
			...FAST,
			"--proxies",
			"parameters,snip",
			"--json",
		]);
		expect(result.exitCode).toBe(0);
		expect(JSON.parse(result.stdout)).toMatchObject({ space: "mnasnet", rows: 5 });
		expect(result.stderr).toContain("6 repeated trainings averaged");
	},
	120_000,
);
