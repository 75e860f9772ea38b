import { parseLatencyTable, profileSites, tableToCsv } from "@archgen/latency";
import fc from "fast-check";
import { expect, test } from "vitest";
import { latencyTableToWire, readLatencyTable } from "../page/src/latency-table.js";

const GRID = { channels: [8, 32], resolutions: [4, 16], mostWork: 1e12, inputs: [32], classes: [10] };
const SITES = profileSites(GRID);

test("the page reads a table as the library does, in both forms", () => {
	fc.assert(
		fc.property(
			fc.array(fc.double({ min: 1e-4, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }),
			(times) => {
				const entries = times.map((ms, i) => ({ ...SITES[i]!, ms }));
				for (const text of [tableToCsv({ device: "x", entries }), JSON.stringify({ device: "x", entries })]) {
					const read = readLatencyTable(text, "x");
					expect(read.entries).toEqual(parseLatencyTable(text).entries);
					expect(latencyTableToWire(read).entries[0]).toMatchObject({ latencyMs: times[0] });
				}
			},
		),
	);
});

test.each([
	["", "no column"],
	["operation,kernel\nconv,3", "no column in_channels"],
	[tableToCsv({ device: "x", entries: [] }), "no entries"],
	["{}", "no list of entries"],
	[tableToCsv({ device: "x", entries: [{ ...SITES[0]!, ms: -1 }] }), "Entry 1"],
])("%j is refused with what is wrong", (text, message) => {
	expect(() => readLatencyTable(text, "table.csv")).toThrow(message);
	expect(() => readLatencyTable(text, "table.csv")).toThrow("table.csv");
});
