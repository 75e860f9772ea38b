/** Memory that threads share and WebAssembly computes in. */
export interface SharedMemory {
	readonly buffer: SharedArrayBuffer;
}

/** What is used here of WebAssembly, which TypeScript declares for browsers only. */
interface WebAssemblyApi {
	readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
	readonly Module: new (bytes: Uint8Array) => object;
	readonly Instance: new (
		module: object,
		imports: Record<string, Record<string, unknown>>,
	) => { readonly exports: Readonly<Record<string, unknown>> };
}

const { WebAssembly: api } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

const PAGE_BYTES = 65_536;
const MOST_PAGES = 65_536;

/** Most that one memory can hold. */
export const MOST_SHARED_BYTES = PAGE_BYTES * MOST_PAGES;

/** Zeros; at most {@link MOST_SHARED_BYTES}. */
export function sharedMemory(bytes: number): SharedMemory {
	const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
	return new api.Memory({ initial: pages, maximum: pages, shared: true });
}

/** WebAssembly's numbers of the value types. */
const VALUE_TYPE = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;
export type ValueType = keyof typeof VALUE_TYPE;

/** One function over a memory that is given when it is linked. */
export interface WasmFunction {
	readonly parameters: readonly ValueType[];
	readonly result: ValueType;
	/** Besides the parameters, numbered after them; zero at the start. */
	readonly locals: readonly ValueType[];
	/** Instructions, without the final `end`. */
	readonly code: readonly number[];
}

/** An unsigned number in LEB128, 7 bits a byte. */
export function leb(n: number): number[] {
	return n < 128 ? [n] : [(n % 128) + 128, ...leb(Math.floor(n / 128))];
}

const list = (items: readonly (readonly number[])[]) => [...leb(items.length), ...items.flat()];
const sized = (bytes: readonly number[]) => [...leb(bytes.length), ...bytes];
const text = (name: string) => sized([...name].map((letter) => letter.charCodeAt(0)));
const section = (id: number, items: readonly (readonly number[])[]) => [id, ...sized(list(items))];
const types = (names: readonly ValueType[]) => list(names.map((name) => [VALUE_TYPE[name]]));

const HEADER = [0, ...[..."asm"].map((letter) => letter.charCodeAt(0)), 1, 0, 0, 0];
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const FUNCTION_TYPE = 0x60;
const SHARED_WITH_MAXIMUM = 3;
const END = 0x0b;

/** A module with this function; `link` makes it callable. */
export function compile({ parameters, result, locals, code }: WasmFunction): object {
	const memory = [...text("shared"), ...text("memory"), 2, SHARED_WITH_MAXIMUM, 0, ...leb(MOST_PAGES)];
	const body = [...list(locals.map((name) => [1, VALUE_TYPE[name]])), ...code, END];
	return new api.Module(
		Uint8Array.from([
			...HEADER,
			...section(SECTION.type, [[FUNCTION_TYPE, ...types(parameters), ...types([result])]]),
			...section(SECTION.import, [memory]),
			...section(SECTION.function, [[0]]),
			...section(SECTION.export, [[...text("run"), 0, 0]]),
			...section(SECTION.code, [sized(body)]),
		]),
	);
}

/** The function of a compiled module, over this memory. */
export function link(module: object, memory: SharedMemory): (...values: number[]) => number {
	return new api.Instance(module, { shared: { memory } }).exports.run as (...values: number[]) => number;
}
