import { compile, leb, link, type SharedMemory, type ValueType } from "./wasm.js";

/** The name of an array, a scalar or an earlier result, or an operation on expressions; element by element. */
export type Expression =
	| string
	| readonly ["add" | "sub" | "mul" | "div", Expression, Expression]
	| readonly ["sqrt", Expression];

export interface PassDefinition<Array extends string, Scalar extends string> {
	/** float32 arrays that are read, all of one length. */
	readonly arrays: readonly Array[];
	/** float32 numbers that are the same for all elements. */
	readonly scalars: readonly Scalar[];
	/** In order; what has the name of an array is written to it. */
	readonly results: readonly (readonly [name: string, value: Expression])[];
	/** Summed over all elements, in float64. */
	readonly sum?: Expression;
}

/**
 * @param offsets first byte of each array
 * @param count elements, a multiple of {@link VECTOR_LENGTH}
 * @returns the sum, 0 unless the pass has one
 */
export type Pass<Array extends string, Scalar extends string> = (
	offsets: Readonly<Record<Array, number>>,
	count: number,
	scalars: Readonly<Record<Scalar, number>>,
) => number;

/** Elements that are computed at once. */
export const VECTOR_LENGTH = 4;
const VECTOR_BYTES = 4 * VECTOR_LENGTH;

const simd = (instruction: number) => [0xfd, ...leb(instruction)];
const OPERATION = {
	add: simd(0xe4),
	sub: simd(0xe5),
	mul: simd(0xe6),
	div: simd(0xe7),
	sqrt: simd(0xe3),
} as const;
const ALIGNED = [4, 0]; // to 2⁴ bytes, offset 0
const LOAD = [...simd(0x00), ...ALIGNED];
const STORE = [...simd(0x0b), ...ALIGNED];
const SPLAT = simd(0x13);
const UPPER_HALF_FIRST = [...simd(0x0d), 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7];
const LOWER_HALF_TO_F64 = simd(0x5f);
const ADD_F64_VECTORS = simd(0xf0);
const f64Lane = (lane: number) => [...simd(0x21), lane];
const ADD_F64 = 0xa0;
const ADD_I32 = 0x6a;
const LESS_I32_UNSIGNED = 0x49;
const i32 = (value: number) => [0x41, ...leb(value)];
const LOOP = [0x03, 0x40];
const BRANCH_TO_LOOP_IF = [0x0d, 0];
const END = 0x0b;

/**
 * One pass over arrays in memory, compiled to WebAssembly: four elements at a time, each read and written once, however many operations there
 * are. JavaScript takes one element at a time and does so in float64: five times as long for AdamW.
 */
export function vectorPass<Array extends string, Scalar extends string>(
	definition: PassDefinition<Array, Scalar>,
): (memory: SharedMemory) => Pass<Array, Scalar> {
	const { arrays, scalars } = definition;
	const module = compile(passFunction(definition));
	return (memory) => {
		const run = link(module, memory);
		return (offsets, count, values) =>
			count === 0
				? 0
				: run(...arrays.map((name) => offsets[name]), 4 * count, ...scalars.map((name) => values[name]));
	};
}

/** Parameters: address of each array, bytes of one array, scalars. Every name has its vector as a local. */
function passFunction({ arrays, scalars, results, sum }: PassDefinition<string, string>) {
	const parameters = [...arrays, "bytes", ...scalars];
	const vectors = [...new Set([...arrays, ...scalars, ...results.map(([name]) => name), "summand", "total"])];
	const place = (name: string) => leb(parameters.indexOf(name));
	const local = (name: string) => leb(parameters.length + vectors.indexOf(name));
	const position = leb(parameters.length + vectors.length);
	const parameter = (name: string) => [0x20, ...place(name)];
	const get = (name: string) => [0x20, ...local(name)];
	const set = (name: string) => [0x21, ...local(name)];
	const address = (array: string) => [...parameter(array), 0x20, ...position, ADD_I32];
	const evaluate = (x: Expression): number[] => {
		if (typeof x === "string") return get(x);
		const [operation, ...operands] = x;
		return [...operands.flatMap(evaluate), ...OPERATION[operation]];
	};
	const half = (order: readonly number[]) => [
		...[...get("summand"), ...order],
		...[...LOWER_HALF_TO_F64, ...ADD_F64_VECTORS],
	];
	const written = arrays.filter((name) => results.some(([result]) => result === name));
	const code = [
		...scalars.flatMap((name) => [...parameter(name), ...SPLAT, ...set(name)]),
		...LOOP,
		...arrays.flatMap((name) => [...address(name), ...LOAD, ...set(name)]),
		...results.flatMap(([name, value]) => [...evaluate(value), ...set(name)]),
		...written.flatMap((name) => [...address(name), ...get(name), ...STORE]),
		...(sum === undefined
			? []
			: [
					...[...evaluate(sum), ...set("summand")],
					...[
						...get("total"),
						...half([]),
						...half([...get("summand"), ...UPPER_HALF_FIRST]),
						...set("total"),
					],
				]),
		...[0x20, ...position, ...i32(VECTOR_BYTES), ADD_I32, 0x22, ...position],
		...[...parameter("bytes"), LESS_I32_UNSIGNED, ...BRANCH_TO_LOOP_IF, END],
		...[...get("total"), ...f64Lane(0), ...get("total"), ...f64Lane(1), ADD_F64],
	];
	const repeated = (type: ValueType, items: readonly unknown[]) => items.map(() => type);
	return {
		parameters: [...repeated("i32", [...arrays, "bytes"]), ...repeated("f32", scalars)],
		result: "f64" as const,
		locals: [...repeated("v128", vectors), "i32" as const],
		code,
	};
}
