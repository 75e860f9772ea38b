import type { ArchgenError } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { countLayers, countNetwork, macroNetwork, type Network, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { profileSites } from "../testing/profile-sites.js";
import { LatencyModel } from "./latency-model.js";
import { parseLatencyTable, tableToCsv } from "./latency-table.js";
import { peakActivationBytes } from "./peak-activation.js";
import { type LatencySite, latencySites, siteLayers, siteWork } from "./sites.js";

const network = fc.integer({ min: 0, max: 1e6 }).map((seed): Network => {
	const random = createRandom(seed);
	const stages = Array.from({ length: 1 + random.integer(4) }, () => ({
		cell: randomCell(random),
		channels: 8 * (1 + random.integer(12)),
		stride: random.pick([1, 2] as const),
		repeats: 1 + random.integer(3),
	}));
	return macroNetwork(stages, 64, { size: random.pick([32, 64]), classes: 10 });
});

const GRID = {
	channels: [8, 16, 32, 72, 128],
	resolutions: [4, 8, 16, 32, 64],
	mostWork: 1e12,
	inputs: [32, 64],
	classes: [10, 1000],
};
/** A device on which time is overhead and work, that of a pooling what it reads. */
const truth = (site: LatencySite) =>
	0.002 +
	(site.operation === "avg_pool" ? 40 * site.inChannels * site.resolution ** 2 : siteWork(site)) / 1e8;
const table = {
	device: "made up",
	entries: profileSites(GRID).map((site) => ({ ...site, ms: truth(site) })),
};

describe("sites", () => {
	it("together have the multiply-accumulates, parameters and layers of the network", () => {
		fc.assert(
			fc.property(network, (net) => {
				const parts = latencySites(net).map((site) => countLayers(siteLayers(site)));
				const sum = (count: "macCount" | "parameterCount" | "layerCount") =>
					parts.reduce((total, part) => total + part[count], 0);
				const { macCount, parameterCount, layerCount } = countNetwork(net);
				expect([sum("macCount"), sum("parameterCount"), sum("layerCount")]).toEqual([
					macCount,
					parameterCount,
					layerCount,
				]);
			}),
			{ numRuns: 40 },
		);
	});
});

describe("placed sites", () => {
	it("have the latency of the network between them, each node at least its own operation", () => {
		const model = new LatencyModel(table);
		fc.assert(
			fc.property(network, (net) => {
				const placed = model.predictSites(net);
				expect(placed.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(model.predict(net).ms, 9);
				for (const [part, { cell, repeats }] of net.stages.entries()) {
					const own = placed.filter((site) => site.part === part);
					cell.operations.forEach(({ type }, i) => {
						const ofNode = own.filter(({ node, site }) => node === i + 1 && site.operation === type);
						expect(ofNode).toHaveLength(repeats);
					});
				}
			}),
			{ numRuns: 30 },
		);
	});
});

describe("a table", () => {
	it("goes through CSV and JSON unchanged", () => {
		expect(parseLatencyTable(tableToCsv(table)).entries).toEqual(table.entries);
		expect(parseLatencyTable(JSON.stringify(table))).toEqual(table);
	});

	it.each([
		["operation,kernel\nconv,3", "head lacks the columns in_channels"],
		[tableToCsv(table).replace(/^conv,/m, "convolve,"), "operation"],
		[`${tableToCsv(table)}conv,4,8,8,8,1,1\n`, "kernel"],
		[`${tableToCsv(table)}conv,3,9,9,9,1,0\n`, "ms"],
		[`${tableToCsv(table)}conv,3,9,9,9,1,\n`, "ms"],
		[
			tableToCsv({ ...table, entries: [table.entries[0]!, table.entries[0]!] }),
			"line 3 is the same site as line 2",
		],
		['{"entries": 3}', "entries must be a list"],
		["{", "neither JSON nor CSV"],
		[tableToCsv({ ...table, entries: [] }), "must not be empty"],
	])("is refused where it is wrong (%#)", (text, part) => {
		expect(() => parseLatencyTable(text)).toThrow(part);
	});

	const csv = tableToCsv(table);

	it.each([
		["a byte order mark", `\ufeff${csv}`],
		["line breaks of Windows", csv.replaceAll("\n", "\r\n")],
		["line breaks of old Macs", csv.replaceAll("\n", "\r")],
		["quotes around everything", csv.replaceAll(/[^,\n]+/g, '"$&"')],
		["quotes around text", csv.replaceAll(/[a-z_]+(?=[,\n])/g, '"$&"')],
		["spaces around cells", csv.replaceAll(",", " , ")],
		["blank lines", `${csv.replaceAll("\n", "\n\n")}\n`],
		["another column in front", csv.replaceAll(/^(?=.)/gm, "x,")],
	])("is read with %s", (_, text) => {
		expect(parseLatencyTable(text).entries).toEqual(table.entries);
	});

	it("is read with a byte order mark before JSON", () => {
		expect(parseLatencyTable(`\ufeff${JSON.stringify(table)}`)).toEqual(table);
	});

	const [head, first, second] = csv.split("\n") as [string, string, string];
	it.each([
		[
			"a decimal comma",
			[head, first, `${second.replace(/[^,]*$/, "1,15")}`],
			/line 3 has 8 cells, the head has 7/,
		],
		["a row that is short", [head, first.replace(/,[^,]*$/, "")], /line 2 has 6 cells/],
		["a quoted decimal comma", [head, first.replace(/[^,]*$/, '"1,15"')], /line 2\.ms/],
		["hexadecimal", [head, first.replace(/[^,]*$/, "0x10")], /line 2\.ms/],
		["semicolons", [head, first].map((line) => line.replaceAll(",", ";")), /separated by semicolons/],
		["tabs", [head, first].map((line) => line.replaceAll(",", "\t")), /separated by tabs/],
		["an open quote", [head, `"${first}`], /line 2/],
		["a column twice", [`${head},ms`, `${first},1`], /the column ms twice/],
	])("is refused with %s", (_, lines, message) => {
		expect(() => parseLatencyTable(lines.join("\n"))).toThrow(message);
	});

	it("is a table or an error that names what is wrong, whatever the text", () => {
		const start = fc.constantFrom("", "{", '{"entries":[', head, `${head}\n${first}\n`, "\ufeff");
		const rest = fc.string({ unit: fc.constantFrom(..." ,;\"'\n\r\t{}[]:019eE-.convms\u0000\ufeff") });
		fc.assert(
			fc.property(start, fc.oneof(rest, fc.json(), fc.string({ unit: "binary" })), (before, after) => {
				try {
					parseLatencyTable(before + after);
				} catch (error) {
					expect(error).toMatchObject({ name: "ArchgenError", reason: "LATENCY_TABLE_INVALID" });
					expect((error as ArchgenError).violations.length).toBeGreaterThan(0);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	it("names its gaps, and refuses only networks that need them", () => {
		const without = table.entries.filter(({ operation, kernel }) => !(operation === "conv" && kernel === 5));
		const model = new LatencyModel({ ...table, entries: without });
		expect(model.gaps).toEqual(["conv 5×5 stride 1", "conv 5×5 stride 2"]);
		expect(() => model.requireNoGaps()).toThrow("conv 5×5 stride 2");
		expect(new LatencyModel(table).gaps).toEqual([]);
		fc.assert(
			fc.property(network, (net) => {
				const needs = latencySites(net).some(({ operation, kernel }) => operation === "conv" && kernel === 5);
				if (needs) expect(() => model.predict(net)).toThrow("conv 5×5");
				else expect(model.predict(net).ms).toBeGreaterThan(0);
			}),
			{ numRuns: 30 },
		);
	});
});

describe("a prediction", () => {
	const model = new LatencyModel(table);

	it("is exact where all operations stand in the table", () => {
		fc.assert(
			fc.property(network, (net) => {
				const sites = latencySites(net);
				const unique = [...new Map(sites.map((site) => [JSON.stringify(site), site])).values()];
				const complete = new LatencyModel({
					device: "",
					entries: unique.map((site) => ({ ...site, ms: truth(site) })),
				});
				const exact = sites.reduce((sum, site) => sum + truth(site), 0);
				expect(complete.predict(net).ms).toBeCloseTo(exact, 9);
			}),
			{ numRuns: 20 },
		);
	});

	it("between entries is near the truth, within three times its band", () => {
		fc.assert(
			fc.property(network, (net) => {
				const exact = latencySites(net).reduce((sum, site) => sum + truth(site), 0);
				const { ms, errorMs } = model.predict(net);
				expect(Math.abs(ms - exact) / exact).toBeLessThan(0.3);
				expect(Math.abs(ms - exact)).toBeLessThan(3 * errorMs);
			}),
			{ numRuns: 40 },
		);
	});
});

describe("peak activation memory", () => {
	it("is that of the widest moment of a plain chain", () => {
		const cell = randomCell(createRandom(1));
		const net = macroNetwork([{ cell, channels: 8, stride: 1, repeats: 1 }], 8, { size: 32, classes: 10 });
		const map = 4 * 32 * 32 * 8;
		expect(peakActivationBytes(net)).toBeGreaterThanOrEqual(2 * map);
		expect(peakActivationBytes(net) % 4).toBe(0);
	});

	it("grows fourfold with the side of the image, and does not grow with repeats", () => {
		fc.assert(
			fc.property(network, (net) => {
				const doubled = { ...net, input: { ...net.input, size: 2 * net.input.size } };
				expect(peakActivationBytes(doubled)).toBe(4 * peakActivationBytes(net));
				const [first, ...rest] = net.stages;
				const longer = { ...net, stages: [first!, ...rest, { ...net.stages.at(-1)!, stride: 1 as const }] };
				expect(peakActivationBytes(longer)).toBeGreaterThanOrEqual(peakActivationBytes(net));
			}),
			{ numRuns: 20 },
		);
	});
});
