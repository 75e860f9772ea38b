import { RANDOM_CELLS } from "@archgen/design";
import { describe, expect, it } from "vitest";
import { parseHistory, recordToLine } from "./history.js";
import { runEvolution } from "./run-evolution.js";
import { CountingScorer, plainScore, SMALL } from "./testing.suite.js";

const scorer = new CountingScorer((network) => ({
	ok: true,
	parts: [plainScore(network)],
	values: { naswot: 3.5 },
}));
const { history } = await runEvolution({ ...SMALL, evaluations: 6 }, { cells: RANDOM_CELLS, scorer });
const lines = history.map(recordToLine);
const text = `${lines.join("\n")}\n`;

function edited(line: number, edit: (record: { design?: { stages: [object, object] } }) => void): string {
	const record = JSON.parse(lines[line]!);
	edit(record);
	return [...lines.slice(0, line), JSON.stringify(record), ...lines.slice(line + 1)].join("\n");
}

describe("history files", () => {
	it("give back the very records", () => {
		expect(parseHistory(text)).toEqual(history);
		expect(parseHistory(lines.join("\n"))).toEqual(history);
		expect(parseHistory("")).toEqual([]);
	});

	it("write the stem, which follows from the first stage", () => {
		const { design } = JSON.parse(lines[0]!);
		expect(design).toMatchObject({ stemChannels: design.stages[0].channels, stemStride: 1 });
	});

	const damages: [string, string, string][] = [
		["no JSON", `${lines[0]}\n{"index":`, "lines[1]"],
		["an empty line", `${lines[0]}\n\n${lines[1]}`, "lines[1]"],
		["a gap", `${lines[0]}\n${lines[2]}`, "lines[1].index"],
		["a text score", edited(2, (r) => Object.assign(r, { score: "high" })), "lines[2].score"],
		["a NaN score", edited(2, (r) => Object.assign(r, { score: Number.NaN })), "lines[2].score"],
		["an unknown key", edited(3, (r) => Object.assign(r, { extra: 1 })), "lines[3]"],
		["a later parent", edited(1, (r) => Object.assign(r, { parent: 4 })), "lines[1].parent"],
		[
			"odd channels",
			edited(1, (r) => Object.assign(r.design!.stages[1], { channels: 9 })),
			"lines[1].design.stages.1.channels",
		],
		[
			"a bad cell",
			edited(1, (r) => Object.assign(r.design!.stages[0], { cell: {} })),
			"lines[1].design.stages.0.cell",
		],
		[
			"another stem",
			edited(0, (r) => Object.assign(r.design!, { stemStride: 2 })),
			"lines[0].design.stemChannels",
		],
		["another design", edited(0, (r) => Object.assign(r.design!, { finalChannels: 1024 })), "lines[0].hash"],
	];
	it.each(damages)("name line and field of %s", (_, damaged, field) => {
		expect(() => parseHistory(damaged, "job.jsonl")).toThrow(
			expect.objectContaining({
				reason: "HISTORY_INVALID",
				violations: [expect.objectContaining({ field })],
				message: expect.stringContaining(`job.jsonl, line ${Number(/\d+/.exec(field)![0]) + 1}`),
			}),
		);
	});

	it("may end in the middle of a line when the writer was killed, and only there", () => {
		for (const cut of [1, 40, lines[5]!.length]) {
			const killed = text.slice(0, -1 - cut);
			expect(parseHistory(killed, "job", { dropPartialLine: true })).toEqual(history.slice(0, 5));
			if (cut < lines[5]!.length) expect(() => parseHistory(killed)).toThrow("line 6");
		}
		expect(() => parseHistory(`${lines[0]}\n{"in\n${lines[1]}`, "job", { dropPartialLine: true })).toThrow(
			"line 2",
		);
	});
});
