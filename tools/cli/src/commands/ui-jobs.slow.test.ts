import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { recordToLine } from "@archgen/evolution";
import { orchestrator } from "@archgen/rpc";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
	JobBench,
	type JobProcess,
	jobName,
	runJob,
	SPEC,
} from "../../../../services/orchestrator/testing/job-bench.js";
import { shortHistory } from "../../../../services/orchestrator/testing/job-histories.js";
import { freePort } from "../../../../services/orchestrator/testing/service-processes.js";
import { chromiumPath } from "../../test/browser.js";
import { downloaded, PageBench, SOON } from "../../test/page-bench.js";

if (chromiumPath === undefined) console.warn("No Chromium on the path: jobs are not watched in a browser.");

const EVALUATIONS = 20_000;
/** What the page may take on a machine that has other things to do; docs/page.md has what it takes on an idle one. */
const GENEROUS = 15;

describe.runIf(chromiumPath !== undefined)("jobs in Chromium", () => {
	let jobs: JobBench;
	let service: JobProcess;
	let bench: PageBench;
	let port: string;

	const startOrchestrator = () => jobs.start("", "--port", port);

	beforeAll(async () => {
		jobs = await JobBench.open();
		port = String(await freePort());
		service = await startOrchestrator();
		// The database starts with the first job, which may take longer than a call waits.
		const first = {
			evolutionJob: orchestrator.EvolutionJob.fromPartial({ spec: SPEC }),
			evolutionJobId: "first",
			validateOnly: false,
			requestId: "first",
		};
		await vi.waitFor(() => service.jobs.createEvolutionJob(first), { timeout: 60_000, interval: 500 });
		await service.jobs.deleteEvolutionJob({ name: jobName("first") });
		bench = await PageBench.start([
			...["--upstream-orchestrator", `127.0.0.1:${port}`],
			...["--upstream-zc-proxy", jobs.zcProxy.address],
		]);
	});
	afterEach(() => bench.closePages());
	afterAll(async () => {
		await bench?.close();
		await service?.stop();
		await jobs?.close();
	});

	/** Evaluations that the page says are done. */
	const doneOn = async (page: import("playwright-core").Page) =>
		Number(
			(await page.locator(".step .number").first().textContent())!.split("/")[0]!.replaceAll(/[ ,]/g, ""),
		);

	test("a job is asked for, watched through restarts of page, gateway and orchestrator, paused, resumed, deleted", async () => {
		jobs.zcProxy.delay = 150;
		await runJob(service, "watched", { ...SPEC, evaluationCount: 120 });
		const { page, complaints } = await bench.open("#/jobs");
		const row = page.locator("tbody tr", { hasText: "watched" });
		await row.locator(".state.running").waitFor();
		await expect.poll(() => row.textContent(), SOON).toMatch(/\/ s/);
		await row.getByRole("link").click();
		await page.getByRole("heading", { name: "Population over time" }).waitFor();
		const before = await doneOn(page);
		await expect.poll(() => doneOn(page), SOON).toBeGreaterThan(before);
		await bench.withoutGateway(async () => {
			await page.locator(".failure").waitFor();
		});
		const afterGateway = await doneOn(page);
		await expect.poll(() => doneOn(page), SOON).toBeGreaterThan(afterGateway);
		await service.kill();
		service = await startOrchestrator();
		const afterKill = await doneOn(page);
		await expect.poll(() => doneOn(page), SOON).toBeGreaterThan(afterKill);
		await page.reload();
		await page.getByRole("heading", { name: "Dropped children" }).waitFor();
		await page.getByRole("button", { name: "Pause" }).click();
		await page.locator(".state.cancelled").waitFor();
		jobs.zcProxy.delay = 0;
		await page.getByRole("button", { name: "Resume" }).click();
		await page.locator(".state.succeeded").waitFor();
		await expect.poll(() => doneOn(page), SOON).toBe(120);
		// no evaluation was lost or made twice on the way
		const history = await service.history("watched");
		expect(history.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual(
			history.map((_, i) => i),
		);
		const best = Math.max(...history.map((line) => (JSON.parse(line) as { score: number }).score));
		const shown = (await page.locator("dt", { hasText: "Best" }).first().locator("+ dd").textContent())!;
		expect(Number(shown.split(" at ")[0]!.replaceAll(",", ""))).toBeCloseTo(Math.round(best), 0);
		await page.locator("dd button.link").first().click();
		await page.locator(".picture svg").first().waitFor();
		await page.goBack();
		await page.getByRole("button", { name: "Delete" }).click();
		await page.getByText("No jobs.").waitFor();
		expect(complaints).toEqual([]);
	});

	test("a Pareto search shows its front; jobs are compared; a report opens without a server", async () => {
		const strategy = orchestrator.SearchStrategy.SEARCH_STRATEGY_PARETO;
		const paretoCosts = [orchestrator.ParetoCost.PARETO_COST_MAC_COUNT];
		await runJob(service, "pareto", { ...SPEC, strategy, paretoCosts });
		await runJob(service, "plain");
		const [pareto] = [await service.ended("pareto"), await service.ended("plain")];
		const { page, complaints } = await bench.open("#/jobs/pareto");
		const front = pareto.progress!.paretoFront;
		await page.getByRole("heading", { name: `Evaluations, ${front.length} on the front` }).waitFor();
		const keys = await page
			.locator("circle.mark.front")
			.evaluateAll((marks) => marks.map((mark) => mark.getAttribute("data-key")));
		expect(keys.map(Number).sort()).toEqual([...front].sort());
		expect(await page.locator(".mark.infeasible").count()).toBe(
			(await service.history("pareto")).filter((line) => /"excess":0?\.?\d*[1-9]/.test(line)).length,
		);
		const { bytes, name } = await downloaded(page, "Report");
		const file = join(jobs.folder, name);
		await writeFile(file, bytes);
		const offline = await bench.browser.newContext({ offline: true });
		const alone = await offline.newPage();
		await alone.goto(pathToFileURL(file).href);
		expect(await alone.locator("svg path.line").count()).toBe(4);
		expect(await alone.getByRole("heading", { name: "Front" }).count()).toBe(1);
		const data = JSON.parse((await alone.locator("#data").textContent())!) as {
			summary: { evaluationCount: number };
		};
		expect(data.summary.evaluationCount).toBe(40);
		await offline.close();
		await page.getByText("The front as a list").click();
		await page.locator(".front-list button").first().click();
		await page.locator(".picture svg").first().waitFor();
		await page.getByRole("navigation").getByRole("link", { name: "Jobs" }).click();
		for (const id of ["pareto", "plain"]) await page.getByLabel(`Compare ${id}`).check();
		await page.getByRole("button", { name: "Compare 2" }).click();
		await expect.poll(() => page.locator(".curve").count(), SOON).toBe(2);
		expect(await page.getByRole("region", { name: "Jobs compared" }).locator("tbody tr").count()).toBe(2);
		expect(complaints).toEqual([]);
	});

	test("a history of 20,000 evaluations opens at once, in some thousand points, its front whole", async () => {
		await runJob(service, "large", { ...SPEC, evaluationCount: 1 });
		await service.ended("large");
		const [record] = await shortHistory(4, 1);
		const rows = Array.from({ length: EVALUATIONS }, (_, index) => {
			const score = Math.sqrt(index) + ((index * 7919) % 1000) / 10;
			const macCount = 1_000_000 + ((index * 104_729) % 9_000_000);
			const line = recordToLine({
				...record!,
				index,
				proposal: index,
				score,
				counts: { ...record!.counts, macCount },
			});
			return `('large', ${index}, 'hash-${index}', '', '{}', ${index}, '${line}')`;
		});
		await jobs.sql("DELETE FROM archgen.evaluations WHERE job = 'large'");
		for (let i = 0; i < rows.length; i += 2000) {
			await jobs.sql(`INSERT INTO archgen.evaluations (job, proposal, hash, launch, dropped, position, record)
				VALUES ${rows.slice(i, i + 2000).join(", ")}`);
		}
		await jobs.sql(`UPDATE archgen.evaluations SET facts = json_build_object('score', record::json -> 'score',
			'counts', record::json -> 'counts') WHERE job = 'large'`);
		await jobs.sql(
			`UPDATE archgen.jobs SET progress = jsonb_set(progress, '{evaluated}', '${EVALUATIONS}') WHERE id = 'large'`,
		);
		const summary = await service.jobs.summarizeHistory({ name: jobName("large"), maxPoints: 2000 });
		expect(summary.evaluationCount).toBe(EVALUATIONS);
		// A new orchestrator has read none of it yet.
		await service.kill();
		service = await startOrchestrator();
		await service.jobs.listEvolutionJobs({ pageSize: 1, pageToken: "" });
		const { page, complaints } = await bench.open("#/jobs");
		// Not by waitForFunction: it polls by eval, which the page forbids.
		const painted = () => page.evaluate("performance.getEntriesByName('first-contentful-paint').length");
		await expect.poll(painted, SOON).toBe(1);
		const paint = await page.evaluate<number>(
			"performance.getEntriesByName('first-contentful-paint')[0].startTime",
		);
		await page.getByRole("link", { name: "large" }).waitFor();
		let bytes = 0;
		page.on("response", async (reply) => {
			if (reply.url().endsWith("/SummarizeHistory")) bytes = (await reply.body()).length;
		});
		const start = performance.now();
		await page.getByRole("link", { name: "large" }).click();
		await page.locator("circle.mark").first().waitFor();
		const opened = performance.now() - start;
		const marks = await page.locator("circle.mark").count();
		// a frame while the pointer goes over the plane
		const box = (await page.locator(".chart svg").last().boundingBox())!;
		const moves = performance.now();
		for (let i = 0; i < 20; i++) await page.mouse.move(box.x + 80 + 10 * i, box.y + 100 + 5 * i);
		const move = (performance.now() - moves) / 20;
		console.info(
			`First paint ${Math.round(paint)} ms; a job of ${EVALUATIONS} evaluations opens in ${Math.round(opened)} ms, ${marks} points, ${Math.round(bytes / 1000)} kB; ${Math.round(move)} ms for a move of the pointer`,
		);
		expect(paint).toBeLessThan(GENEROUS * 1000);
		expect(opened).toBeLessThan(GENEROUS * 2000);
		expect(marks).toBeGreaterThan(1000);
		expect(marks).toBeLessThan(5000);
		await expect.poll(() => bytes, SOON).toBeGreaterThan(0);
		expect(bytes).toBeLessThan(2_000_000);
		const best = summary.points.filter(({ bestSoFar }) => bestSoFar).map(({ index }) => String(index));
		const keys = new Set(
			await page
				.locator("circle.mark")
				.evaluateAll((all) => all.map((mark) => mark.getAttribute("data-key"))),
		);
		for (const key of best) expect(keys).toContain(key);
		await page.getByText(new RegExp(`of ${EVALUATIONS.toLocaleString("en-US")} evaluations`)).waitFor();
		expect(complaints).toEqual([]);
	});
});
