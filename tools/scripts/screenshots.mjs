#!/usr/bin/env node
// Takes the pictures of the page for the documentation, with real services and Chromium.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const path = (text) => fileURLToPath(new URL(`../../${text}`, import.meta.url));
const OUT = path("docs/images");
const WIDTH = 1280;
const ASK = "#/ask?effort=score&candidates=24&input=32&classes=10&max-mac-count=60M&max-parameter-count=1M";

const ui = spawn(process.execPath, [path("tools/cli/bin/archgen.js"), "ui", "--free-ports", "--port", "0"], {
	stdio: ["ignore", "pipe", "inherit"],
	cwd: path(""),
});
let browser;
try {
	const [line] = await once(createInterface({ input: ui.stdout }), "line");
	const address = /http\S+/.exec(line)[0];
	browser = await chromium.launch({
		executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
		args: ["--no-sandbox"],
	});
	const page = await browser.newPage({ viewport: { width: WIDTH, height: 800 } });
	page.setDefaultTimeout(900_000);
	mkdirSync(OUT, { recursive: true });
	/** The page down to a part of it. Bars grow for a moment after their value. */
	const take = async (name, last, below = 12) => {
		await page.waitForTimeout(600);
		const { y, height } = await last.boundingBox();
		const clip = { x: 0, y: 0, width: WIDTH, height: Math.round(y + height) + below };
		await page.screenshot({ path: `${OUT}/page-${name}.png`, clip, fullPage: true });
	};
	await page.goto(address + ASK);
	await page.getByRole("option", { name: /default/ }).waitFor({ state: "attached" });
	await page.getByText("all services answer").waitFor();
	await take("ask", page.getByRole("region", { name: "The same request elsewhere" }));
	await page.getByRole("button", { name: "Generate networks" }).click();
	await page.getByRole("heading", { name: "How it came about" }).waitFor();
	await page.getByLabel("Across").selectOption("parameterCount");
	await take("answers", page.locator("tbody tr").nth(4), 0);
	await page.locator("tbody tr").first().getByRole("button").click();
	await page.locator(".picture svg").first().waitFor();
	await take("network", page.locator(".picture"));
	await page.goto(
		`${address}#/ask?effort=search&evaluations=150&input=32&classes=10&max-parameter-count=300K&max-mac-count=40M&strategy=pareto:mac-count`,
	);
	await page.getByRole("button", { name: "Start the search" }).click();
	await page.getByText(/^150 \/ 150$/).waitFor();
	await page.getByRole("heading", { name: "Population over time" }).waitFor();
	await take("job", page.getByRole("region", { name: /on the front/ }));
} finally {
	await browser?.close();
	ui.kill("SIGINT");
	await once(ui, "exit");
}
