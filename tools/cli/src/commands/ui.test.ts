import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	gatewayFlags,
	type ServiceGroup,
	type ServiceProcess,
	startGroup,
	startService,
} from "@archgen/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { chromiumPath, startBrowser } from "../../test/browser.js";
import { programOf } from "../services/programs.js";

if (chromiumPath === undefined) console.warn("No Chromium on the path: the page is not tested in a browser.");

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const ASK = "#/ask?effort=generate&candidates=8&input=32&classes=10&max-mac-count=80M";

interface Violation {
	readonly id: string;
	readonly nodes: readonly { readonly html: string }[];
}

describe.runIf(chromiumPath !== undefined)("the page in Chromium", () => {
	let models: Awaited<ReturnType<typeof writeSampleStore>>;
	let data: string;
	let group: ServiceGroup;
	let web: ServiceProcess;
	let browser: Browser;
	const contexts: BrowserContext[] = [];

	beforeAll(async () => {
		models = await writeSampleStore();
		data = await mkdtemp(join(tmpdir(), "archgen-ui-"));
		// As root the database server runs under another user, who has to get in.
		await chmod(data, 0o755);
		process.env.ARCHGEN_JOBS_DATA = data;
		group = await startGroup({
			programOf,
			models: models.folder,
			model: "default",
			freePorts: true,
			logLevel: "error",
			workers: 1,
		});
		web = await startService(programOf("web"), [
			"--port",
			"0",
			"--log-level",
			"error",
			...gatewayFlags(group.addresses),
		]);
		browser = await startBrowser();
	}, 180_000);
	afterEach(async () => {
		for (const context of contexts.splice(0)) await context.close();
	});
	afterAll(async () => {
		await browser?.close();
		await web?.stop();
		await group?.stop();
		delete process.env.ARCHGEN_JOBS_DATA;
		await models.remove();
		await rm(data, { recursive: true, force: true });
	});

	/** Opens the page; what it complains about and whom it calls is kept. */
	async function open(path: string, settings: Parameters<Browser["newContext"]>[0] = {}) {
		const context = await browser.newContext({ acceptDownloads: true, ...settings });
		contexts.push(context);
		const page = await context.newPage();
		page.setDefaultTimeout(60_000);
		const complaints: string[] = [];
		const foreign: string[] = [];
		const own = `http://${web.address}/`;
		page.on("pageerror", (error) => complaints.push(error.message));
		page.on("console", (message) => {
			// A refused request is part of some tests and is written by the browser itself.
			if (message.type() === "error" && !/status of 4\d\d/.test(message.text()))
				complaints.push(message.text());
		});
		page.on("request", (request) => {
			const url = request.url();
			if (!url.startsWith(own) && !/^(blob|data):/.test(url)) foreign.push(url);
		});
		await page.goto(own + path);
		return { page, complaints, foreign };
	}

	/** Asks for networks without scores and waits for the answer. */
	async function answered(settings: Parameters<Browser["newContext"]>[0] = {}) {
		const opened = await open(ASK, settings);
		await opened.page.getByRole("button", { name: "Generate networks" }).click();
		await opened.page.getByRole("heading", { name: "How it came about" }).waitFor();
		return opened;
	}

	async function barriers(page: Page): Promise<string[]> {
		await page.evaluate(await readFile(AXE, "utf8"));
		const found = await page.evaluate<Violation[]>(
			"axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((r) => r.violations)",
		);
		return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
	}

	test("complaints of the server stand beside their fields", async () => {
		const { page } = await open("#/ask?effort=generate&input=5&classes=10");
		await page.getByRole("button", { name: "Generate networks" }).click();
		const field = page.getByLabel("Input size");
		await expect.poll(() => field.getAttribute("aria-invalid")).toBe("true");
		expect(await page.locator("#input-error").textContent()).toContain("16");
		await field.fill("32");
		await page.locator("#max-mac-count").fill("nonsense");
		await page.getByRole("button", { name: "Try again" }).click();
		await expect.poll(() => page.locator("#max-mac-count-error").count()).toBe(1);
	});

	test("networks of the running services are asked for, compared, taken apart and taken away", async () => {
		const { page, complaints, foreign } = await answered();
		const rows = page.locator("tbody tr");
		const all = await rows.count();
		expect(all).toBeGreaterThan(1);
		expect(await page.locator("circle.mark").count()).toBe(all);
		// the button is at the end of a long form; the answer is shown from its top
		expect(await page.evaluate("scrollY")).toBe(0);
		await page.getByRole("button", { name: "Parameters" }).click();
		expect(await page.locator("th[aria-sort=descending]").textContent()).toContain("Parameters");
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("button", { name: "Report" }).click(),
		]);
		const report = await readFile((await download.path())!, "utf8");
		expect(report.match(/<img /g)?.length).toBe(Math.min(5, all));
		expect(report).not.toMatch(/(src|href)="(?!data:)/);
		await rows.first().getByRole("button").click();
		await page.locator(".picture").waitFor();
		expect(await page.locator(".picture svg").count()).toBeGreaterThan(0);
		const [file] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("button", { name: "PyTorch" }).click(),
		]);
		expect(await readFile((await file.path())!, "utf8")).toContain("nn.Module");
		await page.getByRole("button", { name: "Synonyms of this cell" }).first().click();
		await page.getByRole("heading", { name: /Synonyms of the cell/ }).waitFor();
		await expect
			.poll(() => page.locator(".synonyms li").count() || page.getByText("No other cell").count())
			.toBeGreaterThan(0);
		expect(complaints).toEqual([]);
		expect(foreign).toEqual([]);
	});

	test("costs shown by stage add up to the counts of the service", async () => {
		const { page } = await answered();
		const shown = await page.locator("tbody tr").first().locator("td").nth(2).textContent();
		await page.locator("tbody tr").first().getByRole("button").click();
		await page.locator(".picture").waitFor();
		const exact = await page.locator("dt", { hasText: "MACs" }).first().locator("+ dd").textContent();
		const value = Number(exact!.replaceAll(",", ""));
		expect(`${Number((value / 1e6).toFixed(value >= 1e8 ? 1 : 2))}M`).toBe(shown);
	});

	test("an answer survives a new page, a link fills the form", async () => {
		const { page } = await answered();
		await page.reload();
		await page.getByRole("heading", { name: "How it came about" }).waitFor();
		await page.goto(`http://${web.address}/${ASK.replace("8", "9")}`);
		await expect.poll(() => page.locator("#candidates").inputValue()).toBe("9");
		await expect.poll(() => page.locator("#max-mac-count").inputValue()).toBe("80M");
	});

	test.each(["light", "dark"] as const)("nothing bars readers in %s, at any width", async (colorScheme) => {
		const { page } = await answered({ colorScheme, viewport: { width: 360, height: 740 } });
		await page.locator("tbody tr").first().getByRole("button").click();
		await page.locator(".picture").waitFor();
		for (const view of ["ask", "answers", "network", "jobs", "models"]) {
			await page.getByRole("navigation").getByRole("link", { name: view, exact: false }).click();
			await page.waitForTimeout(300);
			expect(await barriers(page), view).toEqual([]);
			const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
			expect(wide, view).toBeLessThanOrEqual(0);
		}
	});
});
