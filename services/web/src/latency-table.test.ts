import { parseLatencyTable, tableToCsv } from "@archgen/latency";
import fc from "fast-check";
import { expect, test } from "vitest";
import { profileSites } from "../../../libs/latency/testing/profile-sites.js";
import { latencyTableToWire, readLatencyTable } from "../page/src/latency-table.js";

const GRID = { channels: [8, 32], resolutions: [4, 16], mostWork: 1e12, inputs: [32], classes: [10] };
const SITES = profileSites(GRID);

test("a table keeps its entries, and a device where it names one", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.double({ min: 1e-4, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 }),
			async (times) => {
				const table = { device: "a board", entries: times.map((ms, i) => ({ ...SITES[i]!, ms })) };
				const csv = await readLatencyTable(tableToCsv(table), "table.csv");
				expect(csv).toEqual({ ...table, device: "table.csv" });
				expect(await readLatencyTable(JSON.stringify(table), "table.json")).toEqual(table);
				expect(latencyTableToWire(csv).entries.map(({ latencyMs }) => latencyMs)).toEqual(times);
			},
		),
	);
});

test("what is wrong with a table is said as by the command line", async () => {
	const text = tableToCsv({ device: "x", entries: [{ ...SITES[0]!, ms: -1 }] });
	const read = () => parseLatencyTable(text, "table.csv");
	expect(read).toThrow("table.csv: line 2.ms");
	await expect(readLatencyTable(text, "table.csv")).rejects.toThrow(/^table\.csv: line 2\.ms /);
});
