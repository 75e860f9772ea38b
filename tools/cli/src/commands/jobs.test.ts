import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseHistory } from "@archgen/evolution";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_CLUSTERS, writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { JobBench, type JobProcess } from "../../../../services/orchestrator/testing/job-bench.js";
import { jobWithHistory, shortHistory } from "../../../../services/orchestrator/testing/job-histories.js";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

let bench: JobBench;
let service: JobProcess;
let models: Awaited<ReturnType<typeof writeSampleStore>>;
beforeAll(async () => {
	bench = await JobBench.open();
	models = await writeSampleStore();
	service = await bench.start("", "--models", models.folder);
});
afterAll(async () => {
	await service.stop();
	await models.remove();
	await bench.close();
});

const jobs = (...words: string[]) => ["jobs", ...words, "--address", service.address];
const BUDGET = ["--input", "32", "--classes", "10", "--max-parameter-count", "100K", "--random-cells"];

test("a job from its creation to its history", async () => {
	const spec = [...BUDGET, "--evaluations", "12", "--population", "6", "--id", "from-cli"];
	expect((await run(jobs("create", ...spec, "--validate-only"))).stdout).toContain("(not created)");
	await runJson(jobs("create", ...spec, "--run"));
	const { stdout, stderr } = await run(jobs("watch", "from-cli"));
	expect(stdout).toMatch(/state +SUCCEEDED/);
	expect(stderr).toContain("evolutionJobs/from-cli 12/12");
	expect(await runJson(jobs("get", "from-cli"))).toMatchObject({ progress: { evaluated: 12 } });
	expect((await run(jobs("list"))).stdout).toContain("evolutionJobs/from-cli  SUCCEEDED");
	const page = await run(jobs("history", "from-cli", "--page-size", "5"));
	expect(page.stdout).toContain("More with --page-token 5");
	const out = join(temporaryFolder(), "history.jsonl");
	expect(await runJson(jobs("history", "from-cli", "--out", out))).toEqual({ file: out, evaluations: 12 });
	expect(parseHistory(readFileSync(out, "utf8"))).toHaveLength(12);
	await runJson(jobs("delete", "from-cli"));
	expect(await run(jobs("get", "from-cli"))).toMatchObject({
		exitCode: 1,
		stderr: expect.stringContaining("There is no evolutionJobs/from-cli"),
	});
});

test("a job that looks a table up", async () => {
	const table = join(temporaryFolder(), "table.csv");
	const cell = (last: string) => `|nor_conv_3x3~0|+|none~0|none~1|+|skip_connect~0|none~1|${last}~2|`;
	const rows = ["none", "skip_connect", "nor_conv_1x1"].map((last, i) => `${cell(last)},${90 + i}`);
	writeFileSync(table, ["arch,accuracy", ...rows].join("\n"));
	const spec = ["--strategy", "bo", "--table", table];
	const create = (...words: string[]) => run(jobs("create", ...spec, ...words));
	await create("--target", "accuracy", "--evaluations", "3", "--id", "looks-up", "--run");
	const { stdout } = await run(jobs("watch", "looks-up"));
	expect(stdout).toMatch(/evaluated +3 of 3/);
	expect(stdout).toMatch(/92\.0000 .*\|nor_conv_1x1~2\|/);
	expect((await run(jobs("history", "looks-up"))).stdout).toContain("92");
	for (const [words, wrong] of [
		[[], "--target: must name the column"],
		[["--target", "speed"], "has no column speed; its columns are accuracy"],
		[["--target", "accuracy", "--evaluations", "4"], "--evaluations"],
	] as const)
		expect(await create(...words)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(wrong) });
});

test("a new version is trained on the histories of jobs, and followed", async () => {
	for (const seed of [1, 2])
		await jobWithHistory(bench, service, `done-${seed}`, await shortHistory(SAMPLE_CLUSTERS, seed));
	const command = jobs("train", "--jobs", "done-1", "done-2", "--bundle-version", "7", "--steps", "10");
	const trained = await runJson<Record<string, string | number>>(command);
	expect(trained).toMatchObject({ model: "models/default/versions/7", "seqgen.steps": 10 });
	const again = await run(jobs("train", "--follow", String(trained.operation)));
	expect(again.stdout).toContain("models/default/versions/7");
	expect(again.stderr).toContain("10/10");
	for (const [words, missing] of [
		[[], "--jobs"],
		[["--jobs", "done-1"], "--model-version"],
		[["--jobs", "done-1", "--model-version", "7"], "exists already"],
	] as const) {
		const refused = await run(jobs("train", ...words));
		expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(missing) });
	}
});

test("what is wrong with a job is said", async () => {
	const { exitCode, stderr } = await run(jobs("create", "--max-flop-count", "100", "--validate-only"));
	expect(exitCode).toBe(2);
	expect(stderr).toContain("--max-flop-count");
	expect((await run(jobs("run", "nothing"))).exitCode).toBe(1);
});
