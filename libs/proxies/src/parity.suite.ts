import { readFileSync } from "node:fs";
import { syntheticBatch } from "@archgen/datasets";
import { createRandom } from "@archgen/random";
import {
	architectureFromJson,
	cellFromJson,
	cellToJson,
	lowerNasBench201,
	type Network,
	type NetworkGraph,
	type NetworkJson,
	networkFromJson,
	OPERATION_TABLE,
} from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";
import { expect, it } from "vitest";
import type { BatchNormMode } from "./layer-expressions.js";
import { PROXY_NAMES, type ProxyName } from "./proxy-table.js";
import { type ScoreReport, scoreNetwork } from "./score-network.js";
import { SectionCache } from "./section-cache.js";

/** What is scored: see bench/reference/archgen_reference/fixtures/parity.py. */
type Subject = {
	readonly name: string;
	readonly batch: number;
	/** Proxies that rounding decides whatever the images. */
	readonly without?: readonly ProxyName[];
} & (
	| { readonly network: NetworkJson }
	| {
			readonly space: string;
			readonly architecture: unknown;
			readonly size: number;
			readonly classes: number;
	  }
	| { readonly nasbench201: string; readonly size: number; readonly classes: number }
);

type Values = Partial<Record<ProxyName, number | null>>;

/** What PyTorch gives in float64. */
interface Recorded {
	readonly name: string;
	/** Seed of the images; that of the weights is 0. */
	readonly imagesSeed: number;
	readonly values: Values;
	readonly byMode: Readonly<Record<BatchNormMode, Values>>;
	/** name, ln|det K|, then sum and standard deviation of the saliencies in eval and in train mode. */
	readonly layers: readonly (readonly [string, number, number, number, number, number])[];
}

function fixture<T>(name: string): T {
	return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8")) as T;
}

const subjects = fixture<Subject[]>("parity-subjects.json");
const recorded = fixture<{ subjects: Recorded[] }>("parity.json").subjects;
const cache = new SectionCache(createInlineRuntime({ threads: 2 }));

/** Largest relative differences; counts are exact, and what is summed in another order may round differently. */
const DETERMINANT = 1e-4;
const GRADIENT = 1e-3;
const TOLERANCES: Partial<Record<ProxyName, number>> = {
	parameters: 0,
	macCount: 0,
	flopCount: 0,
	depth: 0,
	activations: 0,
	naswot: DETERMINANT,
	naswot_relu: DETERMINANT,
};

/** Sizes below which values are compared absolutely: differences of larger numbers, which float32 has rounded. */
const FLOORS: Partial<Record<ProxyName, number>> = { az_progressivity: 0.1 };

function networkOf(subject: Subject): Network | NetworkGraph {
	if ("space" in subject) {
		const { space, architecture } = architectureFromJson({
			space: subject.space,
			architecture: subject.architecture,
		});
		return space.lower(architecture, subject);
	}
	return "network" in subject
		? networkFromJson(subject.network)
		: lowerNasBench201(subject.nasbench201, subject);
}

function score(
	subject: Subject,
	imagesSeed: number,
	bnMode: BatchNormMode,
	proxies: readonly ProxyName[],
): Promise<ScoreReport> {
	const { size, classes } =
		"network" in subject ? { size: subject.network.input.size, classes: subject.network.classes } : subject;
	const { batch: count } = subject;
	const drawn = syntheticBatch(createRandom(imagesSeed), { batch: count, size, classes });
	const batch = { ...drawn, labels: BigInt64Array.from({ length: count }, (_, i) => BigInt(i % classes)) };
	return scoreNetwork(cache, { network: networkOf(subject), batch, proxies, seed: 0, bnMode });
}

/** |a − b| relative to the recorded value, which counts as no smaller than `floor`. */
const difference = (a: number, b: number, floor = 0) =>
	a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(b), floor);

/**
 * Share of the largest saliencies below which a layer's are compared absolutely: 1e-3 of it is what float32 resolves of
 * the gradient that passes through such a layer.
 */
const RESOLVED = 1e-4;

function compareValues(report: ScoreReport, expected: Values): void {
	for (const [name, value] of Object.entries(expected) as [ProxyName, number | null][]) {
		const result = report.values[name]!;
		if (value === null) expect(result, name).toMatchObject({ ok: false });
		else
			expect(
				difference(result.ok ? result.value : Number.NaN, value, FLOORS[name]),
				name,
			).toBeLessThanOrEqual(TOLERANCES[name] ?? GRADIENT);
	}
}

function compareLayers(report: ScoreReport, { layers }: Recorded, bnMode: BatchNormMode): void {
	const expected = new Map(
		layers.map(([name, logDeterminant, ...sums]) => {
			const [sum, std] = bnMode === "eval" ? sums.slice(0, 2) : sums.slice(2);
			return [name, { logDeterminant, sum: sum!, std: std! }];
		}),
	);
	expect(report.layers.map(({ name }) => name).sort()).toEqual([...expected.keys()].sort());
	const floorOf = (key: "sum" | "std") =>
		RESOLVED * Math.max(...[...expected.values()].map((layer) => layer[key]));
	const floors = { sum: floorOf("sum"), std: floorOf("std") };
	for (const { name, logDeterminant, saliency } of report.layers) {
		const layer = expected.get(name)!;
		expect(difference(logDeterminant!, layer.logDeterminant), `${name} ln|det K|`).toBeLessThanOrEqual(
			DETERMINANT,
		);
		for (const key of ["sum", "std"] as const)
			expect(difference(saliency![key], layer[key], floors[key]), `${name} ${key}(s)`).toBeLessThanOrEqual(
				GRADIENT,
			);
	}
}

/** Small subjects of cells and of another space, which half a minute suffices for. */
const QUICK = [
	"nasbench201-pooling",
	"nasbench201-small",
	"chain",
	"random-5",
	"random-7",
	"random-12",
	"random-23",
	"alpha-x",
	"many-images",
];

/** Compares scores with PyTorch's: of the quick subjects, or of all others. */
export function paritySuite(which: "quick" | "others"): void {
	const cases = subjects.map((subject, i) => [subject.name, subject, recorded[i]!] as const);
	it.each(cases.filter(([name]) => QUICK.includes(name) === (which === "quick")))(
		"%s: every proxy, and saliencies and determinants layer by layer",
		async (_, subject, expected) => {
			const inEval = await score(subject, expected.imagesSeed, "eval", [
				"tcet",
				"snip",
				"snip_ssnr",
				"grad_norm",
			]);
			compareLayers(inEval, expected, "eval");
			compareValues(inEval, expected.byMode.eval);
			const inTrain = await score(subject, expected.imagesSeed, "train", PROXY_NAMES);
			compareLayers(inTrain, expected, "train");
			compareValues(inTrain, { ...expected.values, ...expected.byMode.train });
		},
		120_000,
	);
}

/** Checks what is compared. */
export function coverageSuite(): void {
	it("cover every proxy, and each operation in at least two cells", () => {
		for (const { name, values, byMode } of recorded) {
			const without = subjects.find((subject) => subject.name === name)!.without ?? [];
			expect([...Object.keys({ ...values, ...byMode.train }), ...without].sort()).toEqual(
				[...PROXY_NAMES].sort(),
			);
		}
		const cells = subjects.flatMap((subject) =>
			"network" in subject &&
			new Set(subject.network.stages.map(({ cell }) => JSON.stringify(cell))).size === 1
				? [subject.network.stages[0]!.cell]
				: [],
		);
		for (const cell of cells) expect(cellToJson(cellFromJson(cell))).toEqual(cell);
		for (const type of Object.keys(OPERATION_TABLE))
			expect(
				cells.filter(({ operations }) => operations.some((operation) => operation.type === type)).length,
				type,
			).toBeGreaterThanOrEqual(2);
	});
}
