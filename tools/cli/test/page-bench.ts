import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type ServiceProcess, startService } from "@archgen/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { programOf } from "../src/services/programs.js";
import { startBrowser } from "./browser.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
/** Time for anything on the page to happen: machines have other things to do. */
const PATIENCE_MS = 200_000;
/** How often and how long a test looks for what it expects. */
export const SOON = { timeout: PATIENCE_MS, interval: 200 };

interface Violation {
	readonly id: string;
	readonly nodes: readonly { readonly html: string }[];
}

/** A page that is open, what it complains about, and whom it calls besides its own gateway. */
export interface OpenedPage {
	readonly page: Page;
	readonly complaints: string[];
	readonly foreign: string[];
}

/** A gateway and a browser that opens its page. */
export class PageBench {
	readonly #contexts: BrowserContext[] = [];

	private constructor(
		private web: ServiceProcess,
		private readonly flags: readonly string[],
		readonly browser: Browser,
	) {}

	/** @param flags of the gateway: where its services are */
	static async start(flags: readonly string[]): Promise<PageBench> {
		const all = ["--log-level", "error", ...flags];
		return new PageBench(
			await startService(programOf("web"), ["--port", "0", ...all]),
			all,
			await startBrowser(),
		);
	}

	/** Address of the page. */
	get url(): string {
		return `http://${this.web.address}/`;
	}

	/** Ends the gateway; what is done meanwhile sees none. */
	async withoutGateway(meanwhile: () => Promise<void>): Promise<void> {
		const port = this.web.address.split(":").at(-1)!;
		await this.web.stop();
		await meanwhile();
		this.web = await startService(programOf("web"), ["--port", port, ...this.flags]);
	}

	/** Opens the page at a path. */
	async open(path: string, settings: Parameters<Browser["newContext"]>[0] = {}): Promise<OpenedPage> {
		const context = await this.browser.newContext({ acceptDownloads: true, ...settings });
		this.#contexts.push(context);
		const page = await context.newPage();
		page.setDefaultTimeout(PATIENCE_MS);
		page.setDefaultNavigationTimeout(PATIENCE_MS);
		const [complaints, foreign]: [string[], string[]] = [[], []];
		page.on("pageerror", (error) => complaints.push(error.message));
		page.on("console", (message) => {
			// A refused request is part of some tests and is written by the browser itself.
			if (message.type() === "error" && !/status of [45]\d\d|ERR_/.test(message.text()))
				complaints.push(message.text());
		});
		page.on("request", (request) => {
			const url = request.url();
			if (!url.startsWith(this.url) && !/^(blob|data):/.test(url)) foreign.push(url);
		});
		await page.goto(this.url + path);
		return { page, complaints, foreign };
	}

	/** Closes what {@link open} opened. */
	async closePages(): Promise<void> {
		for (const context of this.#contexts.splice(0)) await context.close();
	}

	/** Calls a method of the protocol as the page does. */
	async call<T>(method: string, body: unknown): Promise<T> {
		const reply = await fetch(`${this.url}api/archgen.orchestrator.v1.${method}`, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify(body),
		});
		if (!reply.ok) throw new Error(`${method}: ${await reply.text()}`);
		return (await reply.json()) as T;
	}

	async close(): Promise<void> {
		await this.browser.close();
		await this.web.stop();
	}
}

/** What bars readers, by the rules of WCAG 2.1 A and AA. */
export async function barriers(page: Page): Promise<string[]> {
	await page.evaluate(await readFile(AXE, "utf8"));
	const found = await page.evaluate<Violation[]>(
		"axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then((r) => r.violations)",
	);
	return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The file that a button of the page hands out. */
export async function downloaded(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("button", { name: button, exact: true }).click(),
	]);
	return { name: download.suggestedFilename(), bytes: await readFile((await download.path())!) };
}
