import type { MethodRow, Table1 } from "@archgen/experiments";
import { expect, test } from "vitest";
import { describeTable1 } from "./describe-table1.js";

const spread = (mean: number) => ({ mean, sd: mean / 10 });
const row: MethodRow = {
	method: "ccnf",
	noise: 0.7,
	samples: 8,
	successes: 7,
	distinct: 6,
	uniqueness: 0.75,
	naswot: spread(700),
	snipSsnr: spread(50),
	parameterCount: spread(1_200_000),
	flopCount: spread(330e6),
	zcDistance: spread(0.5),
	seeds: [],
};
const each = { random: 3, neighbourhood: 2, ccnf: 1 };
const table1: Table1 = {
	samples: 4,
	seeds: 2,
	tables: [
		{
			target: {
				name: "best NATS-Bench cell",
				kind: "reference",
				z: { naswot: 710, snipSsnr: 51, parameterCount: 1_148_474, flopCount: 326_665_492 },
			},
			rows: [row],
			neighbourhoods: [],
		},
	],
	summaries: [
		{ kind: "cluster mean", targets: 2, ccnfNearer: 2, ccnfComplete: 1, zcDistance: each, uniqueness: each },
	],
};

test("a row a method below the target, and a line for each kind of target with several", () => {
	const [, target, ccnf, , summary] = describeTable1(table1).split("\n");
	expect(target).toContain("1.1M");
	expect(ccnf).toMatch(/^ccnf +0.7 +7\/8 +6 .*1.2M ± 120.0K/);
	expect(summary).toContain("2 cluster means: ccnf nearer than neighbourhood at 2, complete at 1");
});
