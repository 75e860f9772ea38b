import { throwIfAborted } from "@archgen/errors";
import {
	blockedRewrite,
	buildModel,
	type LoadedModel,
	type Tensor,
	type TensorValues,
} from "@archgen/tensor-graph";
import type { DetachedSection } from "../section.js";
import { blockedPorts } from "../section-models.js";
import { PORT } from "../section-ports.js";
import { type Subject, sectionWeights } from "../subject.js";

/** Names of the tangents of x, y and ∂L/∂y. */
export const TANGENT = { x: "tangent/x", y: "tangent/y", dy: "tangent/dy" } as const;

/** Runs the compiled pass of one section. @param weights of the section, which feeds of the same name replace */
export type RunSection = (feeds: TensorValues, weights: TensorValues) => Promise<TensorValues>;

/** A pass over all sections of a network, from the stem to the head or back; each section hands something on to the next. */
export interface NetworkPass<Carried> {
	readonly direction: "forward" | "backward";
	/** Handed to the first section. */
	readonly start: Carried;
	readonly compile: (section: DetachedSection, index: number) => Promise<RunSection>;
	readonly feeds: (section: DetachedSection, carried: Carried, index: number) => TensorValues;
	/** Reads the outputs of a section and gives what the next one is handed. */
	readonly read: (
		section: DetachedSection,
		outputs: TensorValues,
		carried: Carried,
		index: number,
	) => Carried;
}

/** Runs a pass. @returns what the last section handed on */
export async function runPass<Carried>(subject: Subject, pass: NetworkPass<Carried>): Promise<Carried> {
	const { sections, parameters, signal } = subject;
	const order = [...sections.entries()];
	if (pass.direction === "backward") order.reverse();
	let carried = pass.start;
	for (const [index, section] of order) {
		throwIfAborted(signal);
		const feeds = pass.feeds(section, carried, index);
		const run = await pass.compile(section, index);
		const outputs = await run(feeds, sectionWeights(section, parameters));
		carried = pass.read(section, outputs, carried, index);
	}
	return carried;
}

/** A compiled model as it is. */
export function plainRun(model: LoadedModel): RunSection {
	return (feeds, weights) => model.run({ ...weights, ...feeds });
}

/**
 * Compiles a pass that is written as expressions; equal sections share it.
 *
 * @param name name of what is computed, part of the identity of the compiled model
 * @param build the outputs of a section by name
 */
export function written(
	subject: Subject,
	name: string,
	build: (section: DetachedSection) => Readonly<Record<string, Tensor>>,
): NetworkPass<unknown>["compile"] {
	return async (section) =>
		plainRun(
			await subject.cache.compiled(`${name}/${subject.batch.shape[0]}/${section.key}`, (block) =>
				buildModel({
					outputs: build(section),
					rewrite: block === null ? undefined : blockedRewrite(block, activationPorts(section)),
				}),
			),
		);
}

/** Runs a written pass of one section by itself. */
export async function runSection(
	subject: Subject,
	section: DetachedSection,
	name: string,
	build: (section: DetachedSection) => Readonly<Record<string, Tensor>>,
	feeds: TensorValues,
): Promise<TensorValues> {
	throwIfAborted(subject.signal);
	const run = await written(subject, name, build)(section, 0);
	return run(feeds, sectionWeights(section, subject.parameters));
}

/** What holds activations in the layout that goes from section to section. */
function activationPorts(section: DetachedSection): ReadonlySet<string> {
	const ports = blockedPorts(section);
	const tangents = [
		[PORT.x, TANGENT.x],
		[PORT.y, TANGENT.y],
		[PORT.dy, TANGENT.dy],
	] as const;
	return new Set([...ports, ...tangents.flatMap(([port, tangent]) => (ports.has(port) ? [tangent] : []))]);
}
