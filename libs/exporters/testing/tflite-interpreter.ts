import { ACTIVATIONS, type OperatorName, PADDING } from "../src/tflite/schema.js";
import type { TfliteModel, TfliteOperator } from "../src/tflite/tflite-model.js";

/** A tensor [n, height, width, channels] or of any other rank, row-major. */
interface Value {
	readonly shape: readonly number[];
	readonly data: ArrayLike<number>;
}

interface Call {
	readonly inputs: readonly Value[];
	readonly options: TfliteOperator["options"];
	/** Shape of the result that the file states. */
	readonly shape: readonly number[];
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** TensorFlow Lite's operators by the words of its documentation, in double precision and without any cleverness. */
const KERNELS: { readonly [O in OperatorName]: (call: Call) => Value } = {
	ADD: binary((a, b) => a + b),
	SUB: binary((a, b) => a - b),
	MUL: binary((a, b) => a * b),
	RELU: unary((x) => Math.max(0, x)),
	HARD_SWISH: unary((x) => (x * Math.min(6, Math.max(0, x + 3))) / 6),
	LOGISTIC: unary((x) => 1 / (1 + Math.exp(-x))),
	RESHAPE: ({ inputs: [x], shape }) => ({ shape, data: x!.data }),
	PAD: ({ inputs: [x, amounts] }) => {
		const before = (axis: number) => amounts!.data[2 * axis]!;
		const shape = x!.shape.map((side, axis) => side + before(axis) + amounts!.data[2 * axis + 1]!);
		return filled(shape, ([n, h, w, c]) =>
			at(x!, n! - before(0), h! - before(1), w! - before(2), c! - before(3)),
		);
	},
	MEAN: ({ inputs: [x, axes], options }) => {
		const [n, height, width, channels] = x!.shape as [number, number, number, number];
		if ([...Array.from(axes!.data)].join() !== "1,2") throw new Error("a mean over other axes");
		const shape = options.keep_dims ? [n, 1, 1, channels] : [n, channels];
		return filled(shape, (index) => {
			let sum = 0;
			for (let h = 0; h < height; h++)
				for (let w = 0; w < width; w++) sum += at(x!, index[0]!, h, w, index.at(-1)!);
			return sum / (height * width);
		});
	},
	FULLY_CONNECTED: ({ inputs: [x, rows, bias], options }) => {
		const [outputs, features] = rows!.shape as [number, number];
		return filled([x!.shape[0]!, outputs], ([n, o]) => {
			let sum = bias!.data[o!]!;
			for (let i = 0; i < features; i++) sum += x!.data[n! * features + i]! * rows!.data[o! * features + i]!;
			return activated(sum, options);
		});
	},
	CONV_2D: (call) => {
		const [outputs, , , depth] = call.inputs[1]!.shape as [number, number, number, number];
		const groups = call.inputs[0]!.shape[3]! / depth;
		const [x, filters] = call.inputs as [Value, Value];
		return slid(call, outputs, (n, h, w, o, kh, kw) => {
			const first = offset(x, n, h, w, Math.floor((o * groups) / outputs) * depth);
			const filter = offset(filters, o, kh, kw, 0);
			let sum = 0;
			for (let d = 0; d < depth; d++) sum += x.data[first + d]! * filters.data[filter + d]!;
			return sum;
		});
	},
	DEPTHWISE_CONV_2D: (call) =>
		slid(call, call.inputs[1]!.shape[3]!, (n, h, w, o, kh, kw) => {
			const channel = Math.floor(o / call.options.depth_multiplier!);
			return at(call.inputs[0]!, n, h, w, channel) * at(call.inputs[1]!, 0, kh, kw, o);
		}),
	AVERAGE_POOL_2D: ({ inputs: [x], options }) => {
		const window = [options.filter_height!, options.filter_width!];
		const { positions, places } = windows(x!.shape, window, options);
		return filled([x!.shape[0]!, ...positions, x!.shape[3]!], ([n, i, j, c]) => {
			const values = places[i!]![j!]!.map(({ h, w }) => at(x!, n!, h, w, c!));
			return values.reduce((sum, value) => sum + value, 0) / values.length;
		});
	},
};

/** The answer of a file to one image [height, width, channels]. @throws Error where a tensor's stated shape is not that of its values */
export function interpretTflite(model: TfliteModel, image: ArrayLike<number>): Value {
	const values: Value[] = [];
	model.tensors.forEach(({ shape, data }, index) => {
		if (data !== undefined) values[index] = { shape, data };
	});
	values[model.input] = { shape: model.tensors[model.input]!.shape, data: image };
	for (const { operator, inputs, output, options } of model.operators) {
		const { shape, name } = model.tensors[output]!;
		const value = KERNELS[operator]({ inputs: inputs.map((index) => values[index]!), options, shape });
		if (value.shape.join() !== shape.join()) throw new Error(`${name} is [${value.shape}], not [${shape}]`);
		values[output] = value;
	}
	return values[model.output]!;
}

function filled(shape: readonly number[], value: (index: readonly number[]) => number): Value {
	const index = shape.map(() => 0);
	const data = new Float64Array(sizeOf(shape));
	for (let i = 0; i < data.length; i++) {
		data[i] = value(index);
		for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
	}
	return { shape, data };
}

/** Zero outside of the tensor. */
function at(x: Value, n: number, h: number, w: number, c: number): number {
	const inside = h >= 0 && w >= 0 && h < x.shape[1]! && w < x.shape[2]!;
	return inside ? x.data[offset(x, n, h, w, c)]! : 0;
}

function offset({ shape }: Value, n: number, h: number, w: number, c: number): number {
	return ((n * shape[1]! + h) * shape[2]! + w) * shape[3]! + c;
}

function activated(value: number, { fused_activation_function: kind }: Call["options"]): number {
	if (kind === ACTIVATIONS.NONE || kind === undefined) return value;
	return Math.max(0, kind === ACTIVATIONS.RELU6 ? Math.min(6, value) : value);
}

function unary(map: (x: number) => number): (call: Call) => Value {
	return ({ inputs: [x] }) => ({ shape: x!.shape, data: Float64Array.from(x!.data, map) });
}

/** NumPy's broadcasting; axes are compared from the last one. */
function binary(map: (a: number, b: number) => number): (call: Call) => Value {
	return ({ inputs: [a, b], options }) => {
		const rank = Math.max(a!.shape.length, b!.shape.length);
		const side = (x: Value, axis: number) => x.shape[axis - rank + x.shape.length] ?? 1;
		const shape = Array.from({ length: rank }, (_, axis) => Math.max(side(a!, axis), side(b!, axis)));
		const read = (x: Value, index: readonly number[]) =>
			x.data[index.reduce((offset, i, axis) => offset * side(x, axis) + (side(x, axis) === 1 ? 0 : i), 0)]!;
		return filled(shape, (index) => activated(map(read(a!, index), read(b!, index)), options));
	};
}

/** Positions of a window, and the places inside of the map under it. */
function windows(shape: readonly number[], window: readonly number[], options: Call["options"]) {
	const strides = [options.stride_h!, options.stride_w!];
	const dilations = [options.dilation_h_factor ?? 1, options.dilation_w_factor ?? 1];
	const axes = [0, 1].map((axis) => {
		const [size, stride] = [shape[axis + 1]!, strides[axis]!];
		const reach = dilations[axis]! * (window[axis]! - 1) + 1;
		if (options.padding === PADDING.VALID)
			return { positions: Math.ceil((size - reach + 1) / stride), before: 0 };
		const positions = Math.ceil(size / stride);
		const total = Math.max(0, (positions - 1) * stride + reach - size);
		return { positions, before: Math.floor(total / 2) };
	});
	const along = (axis: number, position: number) =>
		Array.from({ length: window[axis]! }, (_, k) => ({
			k,
			place: position * strides[axis]! - axes[axis]!.before + k * dilations[axis]!,
		})).filter(({ place }) => place >= 0 && place < shape[axis + 1]!);
	const positions = axes.map((axis) => axis.positions) as [number, number];
	const places = Array.from({ length: positions[0] }, (_, i) =>
		Array.from({ length: positions[1] }, (_, j) =>
			along(0, i).flatMap(({ k: kh, place: h }) =>
				along(1, j).map(({ k: kw, place: w }) => ({ kh, kw, h, w })),
			),
		),
	);
	return { positions, places };
}

function slid(
	{ inputs: [x, filters, bias], options }: Call,
	outputs: number,
	product: (n: number, h: number, w: number, o: number, kh: number, kw: number) => number,
): Value {
	const { positions, places } = windows(x!.shape, filters!.shape.slice(1, 3), options);
	return filled([x!.shape[0]!, ...positions, outputs], ([n, i, j, o]) => {
		let sum = bias!.data[o!]!;
		for (const { kh, kw, h, w } of places[i!]![j!]!) sum += product(n!, h, w, o!, kh, kw);
		return activated(sum, options);
	});
}
