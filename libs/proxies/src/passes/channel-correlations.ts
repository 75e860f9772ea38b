import {
	add,
	f32,
	matMul,
	mul,
	pow,
	reduceMean,
	reduceSum,
	reshape,
	scalar,
	sub,
	type Tensor,
	type TensorValue,
	transpose,
} from "@archgen/tensor-graph";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import { sliceBatch } from "../slice-batch.js";
import type { Subject } from "../subject.js";
import { runPass, written } from "./run-pass.js";
import { expressSection } from "./section-expression.js";

/** Added to a sum of squares: a constant channel is then correlated with none, itself included. */
const TINY = 1e-30;

/**
 * Pearson correlations of the channels of every convolution's output over the positions of the first image, BN in train mode.
 *
 * @param visit is given the matrix [channels, channels] of one convolution; those with as many channels as positions or more, whose matrix
 *   is singular, are left out
 */
export async function channelCorrelations(
	whole: Subject,
	visit: (correlations: Float64Array, channels: number) => void,
): Promise<void> {
	const subject = { ...whole, batch: sliceBatch(whole.batch, 0, 1) };
	await runPass<TensorValue>(subject, {
		direction: "forward",
		start: f32(subject.batch.images, subject.batch.shape),
		compile: written(subject, "correlations", correlationOutputs),
		feeds: (_, value) => ({ [PORT.x]: value }),
		read: (section, outputs) => {
			for (const { name, output } of regular(section)) {
				const matrix = Float64Array.from(outputs[correlationsOf(name)]!.data as Float32Array);
				visit(matrix, section.values[output]!.channels);
			}
			return outputs[PORT.y]!;
		},
	});
}

const correlationsOf = (layer: string) => `correlations/${layer}`;

/** The convolutions with fewer channels than positions. */
function regular({ layers, values }: DetachedSection) {
	return layers.filter(({ kind, output }) => {
		const { channels, height, width } = values[output]!;
		return kind === "conv" && channels < height * width;
	});
}

function correlationOutputs(section: DetachedSection): Record<string, Tensor> {
	const { weighted, y } = expressSection(section, 1);
	const found = regular(section).map(({ name }) => [correlationsOf(name), correlations(weighted.get(name)!)]);
	return { [PORT.y]: y, ...Object.fromEntries(found) };
}

/** Of one image x [1, channels, height, width]. */
function correlations(x: Tensor): Tensor {
	const [, channels, height, width] = x.shape as [number, number, number, number];
	const rows = reshape(x, [channels, height * width]);
	const centred = sub(rows, reduceMean(rows, [1], true));
	const squares = reduceSum(mul(centred, centred), [1], true);
	const unit = mul(centred, pow(add(squares, scalar(TINY)), scalar(-0.5)));
	return matMul(unit, transpose(unit));
}
