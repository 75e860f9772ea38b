import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gatewayFlags, type ServiceGroup, startGroup } from "@archgen/client";
import { tableToCsv } from "@archgen/latency";
import { unzipSync } from "fflate";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { profileSites } from "../../../../libs/latency/testing/profile-sites.js";
import { writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { chromiumPath } from "../../test/browser.js";
import { barriers, downloaded, PageBench, SOON } from "../../test/page-bench.js";
import { runJson } from "../../test/run-cli.js";
import { programOf } from "../services/programs.js";

if (chromiumPath === undefined) console.warn("No Chromium on the path: the page is not tested in a browser.");

const ASK = "#/ask?effort=generate&candidates=8&input=32&classes=10&max-mac-count=80M";
const GRID = {
	channels: [8, 32, 128],
	resolutions: [4, 16, 32],
	mostWork: 1e12,
	inputs: [32],
	classes: [10],
};
const LATENCIES = tableToCsv({
	device: "made up",
	entries: profileSites(GRID).map((site) => ({ ...site, ms: site.outChannels * site.resolution * 1e-4 })),
});

describe.runIf(chromiumPath !== undefined)("the page in Chromium", () => {
	let models: Awaited<ReturnType<typeof writeSampleStore>>;
	let data: string;
	let group: ServiceGroup;
	let bench: PageBench;

	beforeAll(async () => {
		models = await writeSampleStore();
		data = await mkdtemp(join(tmpdir(), "archgen-ui-"));
		// As root the database server runs under another user, who has to get in.
		await chmod(data, 0o755);
		process.env.ARCHGEN_JOBS_DATA = data;
		process.env.ARCHGEN_GATE_CANDIDATES = "2";
		process.env.ARCHGEN_SCORING_PIXELS = "8192";
		process.env.ARCHGEN_SCORING_MAX_INPUT_SIZE = "32";
		group = await startGroup({
			programOf,
			models: models.folder,
			model: "default",
			freePorts: true,
			logLevel: "error",
			workers: 1,
		});
		bench = await PageBench.start(gatewayFlags(group.addresses));
	});
	afterEach(() => bench.closePages());
	afterAll(async () => {
		await bench?.close();
		await group?.stop();
		for (const name of ["JOBS_DATA", "GATE_CANDIDATES", "SCORING_PIXELS", "SCORING_MAX_INPUT_SIZE"])
			delete process.env[`ARCHGEN_${name}`];
		await models.remove();
		await rm(data, { recursive: true, force: true });
	});

	const rowsOf = (page: Page) =>
		page.getByRole("region", { name: "Networks of the answer" }).locator("tbody tr");
	const axis = (page: Page, name: string) =>
		page.locator("label.inline", { hasText: new RegExp(`^${name}`) }).locator("select");
	const copy = (page: Page, name: string) =>
		page
			.locator(".copy")
			.filter({ has: page.getByRole("heading", { name, exact: true }) })
			.locator("pre");

	/** Asks for networks without scores and waits for the answer. */
	async function answered(path = ASK, settings: Parameters<Browser["newContext"]>[0] = {}) {
		const opened = await bench.open(path, settings);
		await opened.page.getByRole("button", { name: "Generate networks" }).click();
		await opened.page.getByRole("heading", { name: "How it came about" }).waitFor();
		return opened;
	}

	async function tableGiven(page: Page): Promise<void> {
		const file = join(data, "latency.csv");
		await writeFile(file, LATENCIES);
		await page.getByLabel("Latency table").setInputFiles(file);
		await page.getByText(/latency\.csv, \d+ entries/).waitFor();
	}

	test("presets of devices come first and set bounds; complaints of the server are beside their fields", async () => {
		const { page } = await bench.open("#/ask");
		const first = page.locator("form button").first();
		expect(await first.textContent()).toContain("mcu-64k");
		await first.click();
		expect(await first.getAttribute("aria-pressed")).toBe("true");
		expect(await page.locator("#max-peak-activation-bytes-int8").inputValue()).toBe("48 KiB");
		await page.getByLabel("Generate only").check();
		const field = page.getByLabel("Input size");
		await field.fill("5");
		await page.getByRole("button", { name: "Generate networks" }).click();
		await expect.poll(() => field.getAttribute("aria-invalid"), SOON).toBe("true");
		expect(await page.locator("#input-error").textContent()).toContain("16");
		// the field takes the focus, and what has happened is in view beside it
		await expect.poll(() => page.evaluate("document.activeElement.id"), SOON).toBe("input");
		const { y, height } = (await page.getByRole("alert").boundingBox())!;
		expect(y).toBeGreaterThanOrEqual(0);
		expect(y + height).toBeLessThanOrEqual(page.viewportSize()!.height);
		await field.fill("32");
		await page.locator("#max-mac-count").fill("nonsense");
		await page.getByRole("button", { name: "Try again" }).click();
		await page.locator("#max-mac-count-error").waitFor();
		await page.locator("#max-mac-count").fill("80M");
		// fields of other images and tasks, and bounds in bytes; the server names one kind of complaint at a time
		const refused = async (id: string, text: string, valid: string) => {
			await page.locator(`#${id}`).fill(text);
			await page.getByRole("button", { name: "Try again" }).click();
			await page.locator(`#${id}-error`).waitFor();
			await page.locator(`#${id}`).fill(valid);
		};
		await refused("width", "5", "");
		await refused("channels", "65", "");
		await refused("classes", "1", "10");
		await refused("max-weight-bytes-float32", "1.5 miles", "1.5 MB");
		await refused("max-weight-bytes-int8", "12", "192 KiB");
		// A bound in milliseconds means nothing without a table, which the server says.
		await page.getByLabel("Latency, at most").fill("3");
		await page.getByRole("button", { name: "Try again" }).click();
		await expect.poll(() => page.locator("#latency-error").textContent(), SOON).toContain("latency");
	});

	test("progress shows the time that is left; a request is cancelled and made again", async () => {
		const { page } = await bench.open(
			"#/ask?effort=score&candidates=60&input=64&classes=10&max-mac-count=200M",
		);
		await page.getByRole("button", { name: "Generate networks" }).click();
		await page.locator(".step", { hasText: "scoring" }).waitFor();
		await page.getByText(/^About .* left\.$/).waitFor();
		await page.getByRole("button", { name: "Cancel" }).click();
		await page.getByRole("heading", { name: "Cancelled" }).waitFor();
		await page.getByLabel("Generate only").check();
		await page.getByRole("button", { name: "Try again" }).click();
		await page.getByRole("heading", { name: "How it came about" }).waitFor();
		// A deadline that cannot be kept gives the request up, and says so.
		await page.goto(`${bench.url}#/ask?effort=score&candidates=60&input=64&classes=10&deadline=0.5&seed=3`);
		await page.getByRole("button", { name: "Generate networks" }).click();
		await page
			.getByText(/deadline/i)
			.first()
			.waitFor();
		await page.getByRole("heading", { name: "Not answered" }).waitFor();
	});

	test("scores are axes: what ranks, and the accuracy to expect", async () => {
		const path = "#/ask?effort=score&candidates=3&input=16&classes=10&max-mac-count=3M&objective=tcet";
		const { page, complaints } = await answered(path);
		const all = await rowsOf(page).count();
		expect(await axis(page, "Up").inputValue()).toBe("tcet");
		await axis(page, "Up").selectOption("expected_accuracy");
		expect(await page.locator("circle.mark").count()).toBe(all);
		await page.getByRole("columnheader", { name: "Expected accuracy" }).waitFor();
		for (const row of await rowsOf(page).allTextContents()) expect(row).toMatch(/\d\d\.\d %/);
		expect(complaints).toEqual([]);
	});

	test.each([
		ASK,
		"#/ask?effort=generate&candidates=8&input=24&width=16&channels=1&task=dense&stride=2&classes=2&max-weight-bytes-int8=4%20MiB&max-peak-activation-bytes-float32=2.5%20MB",
	])("the request as a link, a command, for grpcurl and Python gives the networks of the page: %s", async (path) => {
		const { page } = await answered(path);
		const best = await rowsOf(page).first().locator("code").textContent();
		await page.goto(bench.url + path);
		const command = (await copy(page, "Command line").textContent())!;
		expect(command).toContain(group.addresses.orchestrator);
		const words = [...command.replace(/^npx archgen /, "").matchAll(/'([^']*)'|(\S+)/g)];
		const { networks } = await runJson<{ networks: { hash: string }[] }>(
			words.map(([, quoted, plain]) => quoted ?? plain!),
		);
		expect(networks[0]!.hash.slice(0, 10)).toBe(best);
		const grpcurl = (await copy(page, "grpcurl").textContent())!;
		const [, body, address, method] = /^grpcurl -plaintext -d '(.*)' (\S+) (\S+)$/.exec(grpcurl)!;
		expect([address, method]).toEqual([
			group.addresses.orchestrator,
			"archgen.orchestrator.v1.OrchestratorService/GenerateNetworks",
		]);
		const { result } = await bench.call<{ result: { networks: { network: { hash: string } }[] } }>(
			"OrchestratorService/GenerateNetworksUnary",
			JSON.parse(body!),
		);
		expect(result.networks[0]!.network.hash).toBe(networks[0]!.hash);
		const link = (await copy(page, "Link").textContent())!;
		await page.goto("about:blank");
		await page.goto(link);
		const given = new URLSearchParams(path.split("?")[1]);
		for (const [id, value] of [...given].filter(([name]) => name !== "effort"))
			await expect.poll(() => page.locator(`#${id}`).inputValue(), SOON).toBe(value);
		expect(await page.getByLabel("Generate only").isChecked()).toBe(true);
		const program = (await copy(page, "Python").textContent())!;
		const python = process.env.ARCHGEN_PYTHON ?? "python3";
		const environment = {
			...process.env,
			PYTHONPATH: join(import.meta.dirname, "../../../../clients/python/src"),
		};
		const runPython = (text: string) => promisify(execFile)(python, ["-c", text], { env: environment });
		const hasPackage = await runPython("import archgen").then(
			() => true,
			() => false,
		);
		if (!hasPackage)
			return console.warn("The Python copy is not run: no Python with grpcio (set ARCHGEN_PYTHON).");
		const { stdout } = await runPython(`${program}\nprint(answer[0].hash)`);
		expect(stdout.trim()).toBe(networks[0]!.hash);
	});

	test("networks are asked for, compared on the plane, taken apart and taken away", async () => {
		const { page, complaints, foreign } = await answered();
		const rows = rowsOf(page);
		const all = await rows.count();
		expect(all).toBeGreaterThan(1);
		expect(await page.locator("circle.mark").count()).toBe(all);
		// the button is at the end of a long form; the answer is shown from its top
		expect(await page.evaluate("scrollY")).toBe(0);
		const marked = await page.locator(".mark-name").count();
		expect(marked).toBe(Math.min(8, await page.locator("circle.mark.front").count()));
		// bounds as lines, published networks behind with their source; the plane begins where networks differ, which is not what is bounded
		expect(await axis(page, "Across").inputValue()).not.toBe("macCount");
		await axis(page, "Across").selectOption("macCount");
		expect(await page.locator("line.bound").count()).toBe(1);
		await axis(page, "Across").selectOption("parameterCount");
		await axis(page, "Up").selectOption("accuracy");
		expect(await page.locator("path.mark.reference").count()).toBe(5);
		expect(await page.locator("path.mark.reference title").first().textContent()).toMatch(
			/ResNet.*He et al\./,
		);
		await page.getByText(/published networks of this task/).click();
		await page.getByRole("cell", { name: "ResNet-110" }).waitFor();
		await page.getByRole("checkbox", { name: "Published networks" }).uncheck();
		expect(await page.locator("path.mark.reference").count()).toBe(0);
		// peak memory is an axis of all of them
		await axis(page, "Up").selectOption("peakActivationBytes");
		expect(await page.locator("circle.mark").count()).toBe(all);
		// hovering shows everything that is known
		await page.locator("circle.mark").first().hover({ force: true });
		const shown = page.locator("output.hover");
		await expect
			.poll(() => shown.textContent(), SOON)
			.toMatch(/margins: MACs ≤ .*: .*%.* · seed 0 · hash [0-9a-f]{16}/);
		// brushing filters the table, by mouse and by numbers
		const box = (await page.locator(".chart svg").boundingBox())!;
		await page.mouse.move(box.x + 64, box.y + 20);
		await page.mouse.down();
		await page.mouse.move(box.x + 66 + box.width / 3, box.y + 330, { steps: 4 });
		await page.mouse.up();
		await page.getByRole("button", { name: "show all" }).waitFor();
		expect(await rows.count()).toBeLessThan(all);
		await page.getByRole("button", { name: "show all" }).click();
		expect(await rows.count()).toBe(all);
		await page.getByText("Choose a part by numbers").click();
		await page.getByLabel("Parameters, at most").fill("1");
		await page.getByLabel("Parameters, at most").blur();
		await expect.poll(() => rows.count(), SOON).toBe(0);
		await page.getByRole("button", { name: "show all" }).click();
		await page
			.getByRole("region", { name: "Networks of the answer" })
			.getByRole("button", { name: "Parameters" })
			.click();
		expect(await page.locator("th[aria-sort=descending]").textContent()).toContain("Parameters");
		// a report opens without a server
		const { bytes, name } = await downloaded(page, "Report");
		const report = bytes.toString("utf8");
		expect(report.match(/<img /g)?.length).toBe(Math.min(5, all));
		expect(report).not.toMatch(/(src|href)="(?!data:)/);
		const file = join(data, name);
		await writeFile(file, bytes);
		const offline = await bench.browser.newContext({ offline: true });
		const alone = await offline.newPage();
		const asked: string[] = [];
		alone.on("request", (request) => asked.push(request.url()));
		await alone.goto(pathToFileURL(file).href);
		expect(await alone.locator("tbody tr").count()).toBe(all);
		expect(
			await alone.evaluate("[...document.images].every((image) => image.complete && image.naturalWidth > 0)"),
		).toBe(true);
		expect(asked.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
		await offline.close();
		// one network, and its files
		await rows.first().getByRole("button").click();
		await page.locator(".picture svg").first().waitFor();
		const files = {
			Project: /\.zip$/,
			PyTorch: /\.py$/,
			ONNX: /\.onnx$/,
			TFLite: /\.tflite$/,
			JSON: /\.json$/,
			SVG: /\.svg$/,
		};
		const contents = new Map<string, Buffer>();
		for (const [button, pattern] of Object.entries(files)) {
			const got = await downloaded(page, button);
			expect(got.name).toMatch(pattern);
			contents.set(button, got.bytes);
		}
		const project = unzipSync(contents.get("Project")!);
		expect(Object.keys(project)).toContain("network/train.py");
		expect(new TextDecoder().decode(project["network/README.md"])).toContain("`maxMacCount`");
		expect(contents.get("PyTorch")!.toString()).toContain("nn.Module");
		expect(JSON.parse(contents.get("JSON")!.toString())).toHaveProperty("stages");
		expect(contents.get("SVG")!.toString()).toContain("<svg");
		expect(contents.get("ONNX")!.length).toBeGreaterThan(1000);
		expect(contents.get("TFLite")!.toString("latin1", 4, 8)).toBe("TFL3");
		// a known accuracy becomes a point of the plane
		await page.getByLabel("Known accuracy").fill("91.5");
		await page.getByLabel("Known accuracy").blur();
		await page.goto(`${bench.url}#/answers`);
		await axis(page, "Up").selectOption("accuracy");
		await expect.poll(() => page.locator("circle.mark").count(), SOON).toBe(1);
		expect(complaints).toEqual([]);
		expect(foreign).toEqual([]);
	});

	test("costs of parts add up to the counts of the service, latency of each layer to its prediction", async () => {
		const { page, complaints } = await bench.open(ASK);
		const wrong = {
			name: "wrong.csv",
			mimeType: "text/csv",
			buffer: Buffer.from("operation,kernel\nconv,3\n"),
		};
		await page.getByLabel("Latency table").setInputFiles(wrong);
		await page.getByText("wrong.csv: head lacks the columns in_channels, out_channels").waitFor();
		await tableGiven(page);
		await page.getByLabel("Latency, at most").fill("1000");
		await page.getByRole("button", { name: "Generate networks" }).click();
		await page.getByRole("heading", { name: "How it came about" }).waitFor();
		const heads = await page.locator("thead").first().locator("th").allTextContents();
		const cell = (title: string) =>
			rowsOf(page)
				.first()
				.locator("td")
				.nth(heads.findIndex((head) => head.startsWith(title)))
				.textContent();
		const [macs, latency] = [await cell("MACs"), await cell("Latency")];
		await axis(page, "Across").selectOption("latency");
		expect(await page.locator("line.bound").count()).toBe(1);
		await rowsOf(page).first().getByRole("button").click();
		await page.locator(".picture svg").first().waitFor();
		const fact = (name: string) =>
			page.locator("dt", { hasText: name }).first().locator("+ dd").textContent();
		const value = Number((await fact("MACs"))!.replaceAll(",", ""));
		expect(`${Number((value / 1e6).toFixed(value >= 1e8 ? 1 : 2))}M`).toBe(macs);
		const predicted = Number.parseFloat((await fact("Predicted latency"))!);
		expect(predicted).toBeCloseTo(Number.parseFloat(latency!), 1);
		await page.getByLabel("Colour by").selectOption("latencyMs");
		const parts = await page
			.getByRole("region", { name: "Latency by stage" })
			.locator(".step .number")
			.allTextContents();
		const sum = parts.reduce((total, text) => total + Number.parseFloat(text), 0);
		expect(Math.abs(sum / predicted - 1)).toBeLessThan(0.02);
		expect(await page.locator(".node.level-4").count()).toBeGreaterThan(0);
		// shapes are written along every edge
		expect(await page.locator("path.edge title").count()).toBe(await page.locator("path.edge").count());
		expect(await page.locator(".edge-shape").first().textContent()).toMatch(/^\d+×\d+²$/);
		// two side by side
		await page.getByLabel("Beside").selectOption({ index: 1 });
		await expect.poll(() => page.locator(".picture").count(), SOON).toBe(2);
		// synonyms by the service of that name, one of them in place of the cell
		const asked = page.waitForRequest(/OrchestratorService\/SampleSynonyms$/);
		await page.getByRole("button", { name: "Synonyms of this cell" }).first().click();
		await asked;
		await page.getByRole("heading", { name: /Synonyms of the cell/ }).waitFor();
		const synonyms = page.locator(".synonyms li");
		await expect.poll(() => synonyms.count().then((n) => n + Number(n === 0)), SOON).toBeGreaterThan(0);
		await page.getByText(/drawn by flow/).waitFor();
		if ((await synonyms.count()) > 0) {
			await synonyms.first().getByRole("button").click();
			await page.getByRole("heading", { name: /with synonym 1/ }).waitFor();
		}
		expect(complaints).toEqual([]);
	});

	test("candidates outside the bounds are dotted, and an answer without networks shows them", async () => {
		const { page } = await bench.open(ASK);
		await tableGiven(page);
		await page.getByLabel("Latency, at most").fill("0.0001");
		await page.getByRole("button", { name: "Generate networks" }).click();
		await page.getByRole("heading", { name: "Nothing meets these bounds" }).waitFor();
		const outside = page.locator("circle.mark.infeasible");
		await outside.first().waitFor();
		const dashes = await outside.first().evaluate("(circle) => getComputedStyle(circle).strokeDasharray");
		expect(dashes).not.toBe("none");
		expect(await page.locator("tr.outside").count()).toBe(await outside.count());
	});

	test("an answer survives a new page", async () => {
		const { page } = await answered();
		const best = await rowsOf(page).first().locator("code").textContent();
		await page.reload();
		await page.getByRole("heading", { name: "How it came about" }).waitFor();
		expect(await rowsOf(page).first().locator("code").textContent()).toBe(best);
	});

	test("a generator is trained on a job, judged, promoted and rolled back; models and proxies are told", async () => {
		const spec = {
			...{ inputSize: 32, classCount: 10, constraints: { maxParameterCount: "100000" }, seed: "7" },
			...{ evaluationCount: 12, populationSize: 8 },
			...{ scoringInputSize: 16, scoringBatchSize: 2, parallelism: 1 },
		};
		await bench.call("EvolutionJobService/CreateEvolutionJob", {
			evolutionJobId: "to-learn-from",
			evolutionJob: { spec },
		});
		const { page, complaints } = await bench.open("#/jobs/to-learn-from");
		await page.getByRole("button", { name: "Run" }).click();
		await page.locator(".state.succeeded").waitFor();
		await page.getByLabel("New version").fill("1");
		await page.getByRole("button", { name: "Train" }).click();
		await page.getByText("exists already").waitFor();
		await page.getByLabel("New version").fill("2");
		await page.getByLabel("Steps", { exact: true }).fill("20");
		await page.getByRole("button", { name: "Train" }).click();
		await page.getByText("models/default/versions/2 is written").waitFor();
		// the gate asks both versions the same questions, and its verdict is shown either way
		await page.getByRole("button", { name: "Promote if not worse" }).click();
		const verdict = page.getByText(/^Verdict: (not worse|refused)\. /);
		await verdict.waitFor();
		if ((await verdict.textContent())!.includes("refused")) {
			await page.getByRole("button", { name: "Promote unjudged" }).click();
		} else {
			const questions = page.getByRole("region", { name: "Best objective for the questions of the gate" });
			expect(await questions.locator("tbody tr").count()).toBeGreaterThan(1);
		}
		await page.getByText(/default 2 answers now\./).waitFor();
		await page.getByRole("button", { name: "Roll back" }).click();
		await page.getByText("default 1 answers now.").waitFor();
		await page.getByRole("navigation").getByRole("link", { name: "Models" }).click();
		const second = page.getByRole("region", { name: "default 2", exact: true });
		await second.getByText("Lineage").click();
		await expect.poll(() => second.textContent(), SOON).toContain("to-learn-from");
		await second.getByRole("button", { name: "Promote unjudged" }).click();
		await second.locator(".state.succeeded").waitFor();
		await second.getByRole("button", { name: "Roll back" }).click();
		await page.getByRole("region", { name: "default 1", exact: true }).locator(".state.succeeded").waitFor();
		// figures of docs/ranking.md, as the scoring service lists them
		const tcet = page.getByRole("region", { name: /Rankings of proxies at equal cost/ }).locator("tr", {
			has: page.getByText("tcet", { exact: true }),
		});
		expect(await tcet.locator("td").allTextContents()).toEqual([
			"tcet",
			"0.55 [0.37, 0.69]",
			"0.21 [−0.02, 0.41]",
			"0.42 [0.21, 0.59]",
			"0.39",
		]);
		await page.getByLabel("Agreement").selectOption("selection");
		await page.getByText("0.72 (86.81 %)").waitFor();
		expect(complaints).toEqual([]);
	});

	test("scripts that are written into the page do not run, and other sites get nothing", async () => {
		const { page } = await bench.open("#/ask");
		await page.evaluate(`
			const script = document.createElement("script");
			script.textContent = "document.title = 'taken over'";
			document.body.append(script);
			const image = document.createElement("div");
			image.innerHTML = '<img src="x" onerror="document.title = \\'taken over\\'">';
			document.body.append(image);
		`);
		await page.waitForTimeout(300);
		expect(await page.title()).toBe("Ask · archgen");
		const refused = await page.evaluate(
			"fetch('http://127.0.0.1:9/').then(() => 'answered', () => 'refused')",
		);
		expect(refused).toBe("refused");
		// another origin: its page may neither call the gateway nor show the page in a frame
		const site = createServer((_, reply) => {
			reply.setHeader("content-type", "text/html");
			reply.end(`<title>elsewhere</title><iframe src="${bench.url}"></iframe>`);
		});
		await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
		try {
			const { port } = site.address() as AddressInfo;
			await page.goto(`http://localhost:${port}/`);
			const method = "archgen.orchestrator.v1.OrchestratorService/ListModels";
			const statuses: number[] = [];
			page.on("response", (reply) => {
				if (reply.url().startsWith(bench.url)) statuses.push(reply.status());
			});
			const answers = await page.evaluate(`Promise.all([{}, { mode: "no-cors" }].map((options) =>
				fetch("${bench.url}api/${method}", { method: "POST", body: "{}", ...options })
					.then((reply) => reply.text(), () => "refused")))`);
			expect(answers).toEqual(["refused", "refused"]);
			expect(statuses.every((status) => status === 403)).toBe(true);
			expect(await page.frames().at(-1)!.locator("main").count()).toBe(0);
		} finally {
			site.close();
		}
	});

	test.each([
		"light",
		"dark",
	] as const)("nothing bars readers in %s, from 360 pixels on", async (colorScheme) => {
		const { page } = await answered(ASK, { colorScheme, viewport: { width: 360, height: 740 } });
		await rowsOf(page).first().getByRole("button").click();
		await page.locator(".picture svg").first().waitFor();
		for (const view of ["ask", "answers", "network", "jobs", "models"]) {
			await page.getByRole("navigation").getByRole("link", { name: view, exact: false }).click();
			await page.waitForTimeout(300);
			expect(await barriers(page), view).toEqual([]);
			const wide = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
			expect(wide, view).toBeLessThanOrEqual(0);
		}
	});
});
