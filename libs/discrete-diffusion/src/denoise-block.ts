import { type RandomState, restoreRandom } from "@archgen/random";
import { guided } from "@archgen/score-diffusion";
import { f32, type Procedure } from "@archgen/tensor-graph";
import { graphTensors } from "./denoiser-loss.js";
import type { Graphs } from "./graph-shape.js";
import { type Denoising, denoise, type Logits } from "./reverse-process.js";

/** Graphs to be sampled together. */
export interface BlockToDenoise extends Omit<Denoising, "random" | "signal"> {
	/** Condition of each row, see `conditionWidth`; flat [rows, width]. */
	readonly conditions: Float32Array;
	/** W of classifier-free guidance; 0 asks the network under the conditions alone. */
	readonly guidance: number;
	readonly random: RandomState;
}

/** Samples by the denoiser of `exportDenoiser`; conditional and unconditional rows are one batch. */
const denoiseBlock: Procedure<BlockToDenoise, Graphs> = async (model, request, signal) => {
	const { shape, rows, guidance } = request;
	const isGuided = guidance !== 0 && request.conditions.some((value) => value !== 0);
	const asked = isGuided ? 2 * rows : rows;
	const width = request.conditions.length / rows;
	const conditions = new Float32Array(asked * width);
	conditions.set(request.conditions);
	const logitsOf = async (graphs: Graphs, time: number): Promise<Logits> => {
		const { nodes, edges } = graphTensors(shape, isGuided ? twice(graphs) : graphs);
		const { cleanNodes, cleanEdges } = await model.run({
			...{ nodes, edges, conditions: f32(conditions, [asked, width]) },
			time: f32(new Float32Array(asked).fill(time), [asked, 1]),
		});
		const led = (values: Float32Array) => (isGuided ? guided(values, guidance) : values);
		return { nodes: led(cleanNodes!.data as Float32Array), edges: led(cleanEdges!.data as Float32Array) };
	};
	return denoise({ ...request, random: restoreRandom(request.random), signal }, logitsOf);
};

function twice({ count, nodes, edges }: Graphs): Graphs {
	const repeated = (labels: Uint8Array) =>
		Uint8Array.from({ length: 2 * labels.length }, (_, i) => labels[i % labels.length]!);
	return { count: 2 * count, nodes: repeated(nodes), edges: repeated(edges) };
}

/** @public a worker loads this file by its name */
export default denoiseBlock;
