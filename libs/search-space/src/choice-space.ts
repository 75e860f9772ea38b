import type { Random } from "@archgen/random";
import type { NetworkGraph } from "./lower-network.js";
import type { Target } from "./macro-network.js";
import type { SearchSpace } from "./search-space.js";
import { checkTarget, TARGET_LIMITS } from "./space-limits.js";
import {
	type ArchitectureTensors,
	type Decoded,
	endsProblem,
	type Invalid,
	invalid,
	readTensors,
	type TensorShape,
	tensorsOf,
} from "./tensors.js";

/** One choice at each position, in order. */
export type Choices<C extends string> = readonly C[];

/** A space whose architectures are independent choices at a fixed number of positions. */
export interface ChoiceSpaceDefinition<C extends string> {
	readonly name: string;
	readonly title: string;
	readonly source: string;
	readonly target: Target;
	/** Choices allowed at each position. */
	readonly positions: readonly (readonly C[])[];
	/** Edges of the graph: node 0 is the input, node p + 1 the choice at position p, the last node the output. Default: a chain. */
	readonly edges?: TensorShape["edges"] & {};
	/** Default: the choices, joined. */
	readonly hash?: (choices: Choices<C>) => string;
	readonly lower: (choices: Choices<C>, target: Target) => NetworkGraph;
	readonly toJson: (choices: Choices<C>) => unknown;
	/** Choices of a JSON form; they are checked against `positions` afterwards. */
	readonly fromJson: (value: unknown) => Choices<C>;
}

const INPUT = 0;
const OUTPUT = 1;

/** The space of a definition. Tensor classes: input, output, then all choices in order of first occurrence. */
export function choiceSpace<C extends string>(definition: ChoiceSpaceDefinition<C>): SearchSpace<Choices<C>> {
	const { name, title, source, target: ownTarget, positions, lower, toJson, fromJson } = definition;
	const shape = shapeOf(definition);
	const architectures = positions.reduce((product, choices) => product * BigInt(choices.length), 1n);
	const limits = { architectures, ...TARGET_LIMITS };
	const classes = new Map(shape.classes.map((label, i) => [label, i]));
	const problem = (choices: Choices<C>) => choicesProblem(positions, choices);
	return {
		name,
		title,
		source,
		limits,
		target: ownTarget,
		tensorShape: shape,
		random: (random) => positions.map((choices) => random.pick(choices)),
		mutate: (choices, random) => withOtherChoice(positions, choices, random),
		hash: definition.hash ?? ((choices) => choices.join("-")),
		problem,
		lower: (choices, target = ownTarget) => lower(choices, checkTarget(limits, target)),
		encode: (choices) =>
			tensorsOf(shape, [INPUT, ...choices.map((choice) => classes.get(choice)!), OUTPUT], shape.edges!),
		decode: (tensors) => decodeChoices(shape, positions, tensors),
		toJson,
		fromJson,
	};
}

function shapeOf<C extends string>({ positions, edges }: ChoiceSpaceDefinition<C>): TensorShape {
	const chain = Array.from({ length: positions.length + 1 }, (_, node) => [node, node + 1] as const);
	return {
		nodes: positions.length + 2,
		classes: ["input", "output", ...new Set(positions.flat())],
		absentNodes: false,
		edges: edges ?? chain,
	};
}

/** Reasons: POSITION_COUNT, UNKNOWN_CHOICE. */
function choicesProblem(
	positions: readonly (readonly string[])[],
	choices: readonly string[],
): Invalid | undefined {
	if (choices.length !== positions.length)
		return invalid("POSITION_COUNT", "choices", `must be ${positions.length}, got ${choices.length}`);
	const wrong = choices.findIndex((choice, p) => !positions[p]!.includes(choice));
	if (wrong < 0) return undefined;
	const message = `must be one of ${positions[wrong]!.join(", ")}, got ${JSON.stringify(choices[wrong])}`;
	return invalid("UNKNOWN_CHOICE", `choices[${wrong}]`, message);
}

/** Another choice at one position that has several. */
function withOtherChoice<C extends string>(
	positions: readonly (readonly C[])[],
	choices: Choices<C>,
	random: Random,
): Choices<C> {
	const at = random.integer(positions.length);
	const others = positions[at]!.filter((choice) => choice !== choices[at]);
	const other = random.pick(others);
	return choices.map((choice, p) => (p === at ? other : choice));
}

/** Reasons besides those of `readTensors`: INPUT_MISPLACED, OUTPUT_MISPLACED, UNKNOWN_CHOICE. */
function decodeChoices<C extends string>(
	shape: TensorShape,
	positions: readonly (readonly C[])[],
	tensors: ArchitectureTensors,
): Decoded<Choices<C>> {
	const read = readTensors(shape, tensors);
	if (!read.valid) return read;
	const { classes } = read.architecture;
	const choices = classes.slice(1, -1).map((label) => shape.classes[label] as C);
	const problem =
		endsProblem(classes, {
			input: { label: INPUT, node: 0 },
			output: { label: OUTPUT, node: shape.nodes - 1 },
		}) ?? choicesProblem(positions, choices);
	return problem ? { valid: false, ...problem } : { valid: true, architecture: choices };
}
