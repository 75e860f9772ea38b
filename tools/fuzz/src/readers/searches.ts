import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { readNetworks } from "@archgen/client";
import { parseHistory, parseLaunch, parseRecord, parseState } from "@archgen/evolution";
import { readHistory, readLabelledCells, readLabels } from "@archgen/pipeline";
import { common } from "@archgen/rpc";
import { alphaNetwork, cellToJson } from "@archgen/search-space";
import { networkToMessage } from "@archgen/wire";
import { each, inFolder, ofFile, ofJson, ofText, type Readers, reader } from "../reader.js";
import { bytesOf, CELL, jsonBytes, LAUNCH_LINE, NETWORK, RECORD_LINE } from "../samples.js";

const STATE = {
	...{ formatVersion: 1, fingerprint: "x", random: { key: "k", generator: [1, 2, 3, 4] } },
	...{ proposals: 1, records: 1, dropped: { duplicate: 1 } },
};
/** As a call over gRPC answers it. */
const MESSAGE = common.Network.toJSON(networkToMessage(alphaNetwork(CELL)));
const ANSWER = {
	networks: [
		{
			network: NETWORK,
			margins: { maxFlopCount: { limit: 9e8, value: 1e8, relative: 0.9 } },
			scores: { naswot: 1 },
		},
	],
	provenance: {
		...{ seed: 1, objective: "naswot", modelVersions: { default: "1" } },
		...{ images: "x", batch: 64, scoringSize: 32 },
	},
};
const LABELS = [
	{ format: "archgen.labels", version: 1, seed: 0, images: "x", batch: 64 },
	{
		...{ index: 0, hash: CELL.hash, cell: cellToJson(CELL) },
		z: { naswot: 1, snipSsnr: 1, parameterCount: 1, flopCount: 1 },
	},
]
	.map((line) => `${JSON.stringify(line)}\n`)
	.join("");
const gzipped = (text: string) => gzipSync(text);

/** Readers of what searches, labelling and generation write. */
export const READERS = {
	state: ofJson([STATE], parseState),
	launch: ofText([LAUNCH_LINE], parseLaunch),
	history: ofText([`${RECORD_LINE}\n`], (text) =>
		each([
			() => parseHistory(text),
			() => parseHistory(text, "x", { dropPartialLine: true }),
			() => parseRecord(text),
		]),
	),
	"history-file": ofFile("history.jsonl", [bytesOf(`${RECORD_LINE}\n`)], readHistory),
	"history-packed": reader([gzipped(`${RECORD_LINE}\n`)], (bytes) => {
		const path = inFolder("packed.jsonl.gz");
		writeFileSync(path, bytes);
		writeFileSync(`${path}.sha256`, createHash("sha256").update(bytes).digest("hex"));
		return readHistory(path);
	}),
	labels: ofFile("labels.jsonl", [bytesOf(LABELS)], (path) =>
		each([() => readLabels(path), () => readLabelledCells(path)]),
	),
	answer: ofFile("answer.json", [jsonBytes(ANSWER)], (path) => readNetworks({ answer: path })),
	"network-of-a-call": ofFile(
		"network.json",
		[jsonBytes({ result: { networks: [{ network: NETWORK }] } }), jsonBytes(MESSAGE)],
		(path) => readNetworks({ network: path }),
	),
} satisfies Readers;
