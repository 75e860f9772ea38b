import { f32, type LoadedModel, type Runtime } from "@archgen/tensor-graph";
import { stateSize } from "./state-shape.js";
import {
	exportPredictor,
	PREDICTOR_FILES,
	type PredictorDescription,
	type TrainedPredictor,
} from "./trained-predictor.js";

/** Rows predicted in one run. */
const BLOCK = 1024;

/** Predicts a property of architectures. */
export class PropertyModel {
	private constructor(
		readonly description: PredictorDescription,
		private readonly model: LoadedModel,
	) {}

	static async create(runtime: Runtime, predictor: TrainedPredictor): Promise<PropertyModel> {
		const network = exportPredictor(predictor).get(PREDICTOR_FILES.network)!;
		return new PropertyModel(predictor.description, await runtime.load(network));
	}

	/**
	 * The property of each architecture in the unit of the targets.
	 *
	 * @param states flat [architectures, nodes, operations], ±1 or noised
	 * @param sigma noise of the states, default 0
	 */
	async predict(states: Float32Array, sigma = 0, signal?: AbortSignal): Promise<number[]> {
		const { shape } = this.description;
		const width = stateSize(shape);
		const values: number[] = [];
		for (let start = 0; start * width < states.length; start += BLOCK) {
			const x = states.subarray(start * width, (start + BLOCK) * width);
			const rows = x.length / width;
			const feeds = {
				x: f32(x, [rows, shape.nodes, shape.operations]),
				sigma: f32(new Float32Array(rows).fill(sigma), [rows, 1]),
			};
			const { value } = await this.model.run(feeds, signal ? { signal } : {});
			values.push(...(value!.data as Float32Array));
		}
		return values;
	}

	async release(): Promise<void> {
		await this.model.release();
	}
}
