import { constraintViolations, targetViolations } from "@archgen/design";
import { expect, it } from "vitest";
import { GATE_TARGETS, reasonsAgainst } from "./promotion-gate.js";
import { HELD_OUT_AFTER, HELD_OUT_BEFORE } from "./refresh.js";

const same = GATE_TARGETS.map(({ name }) => ({ name, before: 100, after: 100 }));
const losses = (before: number, after: number) => ({ [HELD_OUT_BEFORE]: before, [HELD_OUT_AFTER]: after });

it("asks questions that have answers", () => {
	for (const { target, constraints } of GATE_TARGETS)
		expect([...targetViolations(target), ...constraintViolations(constraints, target)]).toEqual([]);
});

it("lets a version pass that is as good, and says what got worse of one that is not", () => {
	expect(reasonsAgainst({}, same)).toEqual([]);
	expect(reasonsAgainst(losses(1, 1.01), same)).toEqual([]);
	expect(reasonsAgainst(losses(1, 1.1), same)).toEqual([
		"the loss on held-out examples of the base rose from 1.000 to 1.100",
	]);
	const one = same.map((comparison, i) => (i === 1 ? { ...comparison, after: 90 } : comparison));
	expect(reasonsAgainst({}, one)).toEqual([
		`${GATE_TARGETS[1]!.name}: the best network has 90.000 instead of 100.00`,
	]);
	const none = same.map((comparison, i) => (i === 0 ? { ...comparison, after: undefined } : comparison));
	expect(reasonsAgainst({}, none)).toEqual([`${GATE_TARGETS[0]!.name}: no network any more`]);
	const all = same.map((comparison) => ({ ...comparison, after: 98 }));
	expect(reasonsAgainst({}, all)).toEqual(["the best networks are 2.0 % worse in the mean"]);
	expect(
		reasonsAgainst(
			{},
			same.map((comparison) => ({ ...comparison, before: undefined })),
		),
	).toEqual([]);
});
