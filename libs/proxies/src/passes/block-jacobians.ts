import { createRandom, type Random } from "@archgen/random";
import {
	abs,
	f32,
	input,
	matMul,
	mul,
	pad,
	reduceMax,
	reshape,
	scalar,
	staticShape,
	sub,
	type Tensor,
	transpose,
	vectorJacobianProduct,
} from "@archgen/tensor-graph";
import { symmetricEigenvalues } from "../eigenvalues.js";
import type { Evidence } from "../evidence.js";
import { lastFeatures } from "../global-pooling.js";
import { trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import { makesFeatures } from "./block-spectra.js";
import { runSection } from "./run-pass.js";
import { expressSection } from "./section-expression.js";

/** How a block passes gradients on. */
export interface BlockJacobian {
	/** Largest singular value of the estimated Jacobian. */
	readonly norm: number;
	/** Whether the gradient leaves as it came: the block is the identity. */
	readonly identity: boolean;
}

const SIGNS = "signs";

/**
 * The Jacobian of every block but the stem, in order, from one backward pass of random signs; BN in train mode.
 *
 * With upstream gradients g of independent signs ±1 and their images h by the block's own backward pass, the mean of h gᵀ over images
 * and positions estimates the Jacobian between channels. A block of stride s has s² input positions for each output position:
 * they count as channels.
 */
export async function blockJacobians(evidence: Evidence): Promise<readonly BlockJacobian[]> {
	const { subject, batch, seed } = evidence;
	const { inputs } = await evidence.forward("train");
	const random = createRandom(seed).fork("block-jacobians");
	const found: BlockJacobian[] = [];
	for (const [i, section] of subject.sections.entries()) {
		if (section.kind === "stem" || (section.kind === "head" && !makesFeatures(section))) continue;
		const build = () => jacobianOutputs(section, batch);
		const feeds = {
			[PORT.x]: trueSize(inputs[i]!).value,
			[SIGNS]: randomSigns(random.fork(section.prefix), featureShape(section, batch)),
		};
		const outputs = await runSection(subject, section, "block-jacobian", build, feeds);
		const gram = Float64Array.from(outputs.gram!.data as Float32Array);
		const squares = symmetricEigenvalues(gram, Math.sqrt(gram.length));
		const norm = Math.sqrt(Math.max(0, ...squares));
		found.push({ norm, identity: Number(outputs.difference?.data[0] ?? 1) === 0 });
	}
	return found;
}

/** Id of the value that a block hands on: in the head, the features before pooling. */
function featuresOf(section: DetachedSection): number {
	return section.kind === "head" ? lastFeatures(section) : section.output;
}

function featureShape(section: DetachedSection, batch: number): readonly number[] {
	const { channels, height, width } = section.values[featuresOf(section)]!;
	return [batch, channels, height, width];
}

function randomSigns(random: Random, shape: readonly number[]) {
	const signs = new Float32Array(shape.reduce((a, b) => a * b, 1));
	for (let i = 0; i < signs.length; i++) signs[i] = random.uniform() < 0.5 ? -1 : 1;
	return f32(signs, shape);
}

/** `gram`, the smaller of J Jᵀ and Jᵀ J, and where shapes allow an identity the `difference` of both gradients. */
function jacobianOutputs(section: DetachedSection, batch: number): Record<string, Tensor> {
	const { x, values } = expressSection(section, batch);
	const result = values.get(featuresOf(section))!;
	const upstream = input(SIGNS, featureShape(section, batch));
	const [downstream] = vectorJacobianProduct([{ result, upstream }], [x]) as [Tensor];
	const g = rowsOf(upstream, sidesOf(upstream));
	const h = rowsOf(downstream, sidesOf(upstream));
	const jacobian = mul(matMul(transpose(h), g), scalar(1 / staticShape(g.shape)[0]!)); // [channels in · s², channels out]
	const [into, out] = staticShape(jacobian.shape) as [number, number];
	const gram = into <= out ? matMul(jacobian, transpose(jacobian)) : matMul(transpose(jacobian), jacobian);
	if (String(x.shape) !== String(upstream.shape)) return { gram };
	return { gram, difference: reduceMax(abs(sub(downstream, upstream))) };
}

type Sides = readonly [height: number, width: number];

const sidesOf = (x: Tensor): Sides => staticShape(x.shape).slice(2) as unknown as Sides;

/**
 * [images · positions, channels · stride²] of x [batch, channels, height, width]: the values of stride × stride neighbours side by side,
 * with zeros beyond the edge where the stride does not divide the side.
 *
 * @param positions along height and width
 */
function rowsOf(x: Tensor, [down, across]: Sides): Tensor {
	const [batch, channels, height, width] = staticShape(x.shape) as [number, number, number, number];
	const [stepDown, stepAcross] = [Math.ceil(height / down), Math.ceil(width / across)];
	const padded = pad(x, [0, 0, 0, 0], [0, 0, stepDown * down - height, stepAcross * across - width]);
	const split = reshape(padded, [batch, channels, down, stepDown, across, stepAcross]);
	const rows = transpose(split, [0, 2, 4, 1, 3, 5]);
	return reshape(rows, [batch * down * across, channels * stepDown * stepAcross]);
}
