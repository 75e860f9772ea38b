import type { Margin, Network } from "../api/types.js";
import { enumText, percent } from "../format.js";
import { predictLatency } from "../network.js";
import { type Reference, referencesFor } from "../references/references.js";
import { type Answer, accuracies, latencyTable, type Shown } from "../state.js";
import type { Axis, Measured } from "./axes.js";
import { boundText } from "./titles.js";

/** A candidate of an answer: within the bounds, or one of those outside that the answer shows. */
export interface Candidate extends Measured {
	/** Hash of the network. */
	readonly key: string;
	readonly name: string;
	readonly feasible: boolean;
	readonly network: Network;
	readonly margins: readonly Margin[];
}

/** All candidates of an answer, those within the bounds first, in the order of their rank. */
export function candidatesOf({ result }: Answer): readonly Candidate[] {
	const outside = result.outside?.length ? result.outside : result.closest ? [result.closest] : [];
	const known = (network: Network) => {
		const accuracy = accuracies.value[network.hash];
		const latency = predictLatency(network, latencyTable.value);
		return { ...(accuracy === undefined ? {} : { accuracy }), ...(latency === undefined ? {} : { latency }) };
	};
	return [
		...result.networks.map(
			(item, i): Candidate => ({
				...known(item.network),
				...item,
				key: item.network.hash,
				name: `Network ${i + 1}`,
				feasible: true,
			}),
		),
		...outside.map(
			(item, i): Candidate => ({
				...known(item.network),
				...item,
				key: item.network.hash,
				name: `Outside ${i + 1}`,
				feasible: false,
			}),
		),
	];
}

/** A published network as axes read it. */
export interface PublishedNetwork extends Measured {
	readonly key: string;
	readonly reference: Reference;
}

/** Published networks of the task of an answer. */
export function publishedOf({ spec, result: { provenance } }: Answer): readonly PublishedNetwork[] {
	return referencesFor(spec, provenance).map((reference) => {
		const { parameterCount, macCount, flopCount, peakActivationBytes, scores, accuracy } = reference;
		return {
			key: `reference ${reference.name}`,
			reference,
			counts: {
				parameterCount: String(parameterCount),
				...(macCount === undefined ? {} : { macCount: String(macCount) }),
				...(flopCount === undefined ? {} : { flopCount: String(flopCount) }),
			},
			...(peakActivationBytes === undefined ? {} : { peakActivationBytes: String(peakActivationBytes) }),
			...(scores === undefined ? {} : { scores }),
			...(accuracy === undefined ? {} : { accuracy }),
		};
	});
}

/** The least margin to a bound, negative when one is broken; infinite without bounds. */
export const tightest = ({ margins }: Pick<Candidate, "margins">) =>
	Math.min(...margins.map(({ relativeMargin }) => relativeMargin));

/** Each bound with its margin, e.g. `MACs ≤ 60M: 0.2 %`. */
export const marginTexts = (margins: readonly Margin[]): string[] =>
	margins.map(
		({ kind, limit, relativeMargin }) =>
			`${boundText(enumText(kind, "CONSTRAINT_KIND_").replaceAll(" ", "-"), Number(limit))}: ${percent(relativeMargin)}`,
	);

/** All that is known of a network in one line. */
export function labelOf(item: Candidate, axes: readonly Axis[], seed: string): string {
	const { name, margins, feasible, key } = item;
	return [
		feasible ? name : `${name}, outside the bounds`,
		...valuesOf(item, axes),
		...(margins.length ? [`margins: ${marginTexts(margins).join(", ")}`] : []),
		`seed ${seed}`,
		`hash ${key.slice(0, 16)}`,
	].join(" · ");
}

/** What is known of a published network in one line, with its source. */
export function referenceLabel(item: PublishedNetwork, axes: readonly Axis[]): string {
	return [item.reference.name, ...valuesOf(item, axes), item.reference.source].join(" · ");
}

function valuesOf(item: Measured, axes: readonly Axis[]): string[] {
	return axes.flatMap((axis) => {
		const value = axis.read(item);
		return value === undefined ? [] : [`${axis.title} ${axis.format(value)}`];
	});
}

/** A candidate as the view of one network shows it. */
export function shownOf(
	{ name, network, scores, margins }: Candidate,
	{ result: { provenance } }: Answer,
): Shown {
	const { seqgen } = provenance.modelVersions;
	return {
		title: name,
		network,
		scores: scores ?? {},
		margins,
		seed: provenance.seed,
		...(seqgen === undefined ? {} : { origin: `${seqgen.name} ${seqgen.version}` }),
	};
}
