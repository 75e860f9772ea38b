import { RANKING_SPACE_NAMES, readBenchmarkTable, readRankingTable } from "@archgen/experiments";
import { parseLatencyTable } from "@archgen/latency";
import { readPropertyTable } from "@archgen/pipeline";
import { ARCHITECTURE_SPACE_NAMES, architectureSpace } from "@archgen/search-space";
import { each, ofFile, ofText, type Readers } from "../reader.js";
import { bytesOf, CELL_TEXT } from "../samples.js";

const LATENCIES = {
	device: "x",
	entries: [
		{ operation: "conv", kernel: 3, inChannels: 3, outChannels: 8, resolution: 32, stride: 1, ms: 0.5 },
	],
};
const LATENCIES_CSV = "operation,kernel,in_channels,out_channels,resolution,stride,ms\nconv,3,3,8,32,1,0.5\n";

/** Readers of tables of measurements. */
export const READERS = {
	latencies: ofText([JSON.stringify(LATENCIES), LATENCIES_CSV], parseLatencyTable),
	"benchmark-table": ofFile("table.csv", [bytesOf(`arch,c10_test\n${CELL_TEXT},90.5\n`)], readBenchmarkTable),
	"ranking-table": ofFile(
		"ranking.csv",
		["arch,c10_val\n|a~0|,90.5\n", "choices,mean_acc\n01201201,93.5\n", "blocks,val_top1\ne3k3l1-e6k5l2,70\n"]
			.concat(`arch,c10_val\n${CELL_TEXT},90.5\n`)
			.map(bytesOf),
		(path) => each(RANKING_SPACE_NAMES.map((name) => () => readRankingTable(path, name))),
	),
	"property-table": ofFile("properties.csv", [bytesOf(`arch,accuracy\n${CELL_TEXT},90.5\n`)], (path) =>
		each(
			ARCHITECTURE_SPACE_NAMES.map(
				(name) => () => readPropertyTable(path, architectureSpace(name), ["accuracy"]),
			),
		),
	),
} satisfies Readers;
