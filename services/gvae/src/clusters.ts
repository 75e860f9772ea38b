import { responsibilities } from "@archgen/mixture";
import { type CallContext, type common, type gvae, inSpan } from "@archgen/rpc";
import { cellToMessage } from "@archgen/wire";
import { eachCell } from "./each-cell.js";
import type { GvaeModels } from "./models.js";
import { predictionToMessage } from "./translate.js";

/** The clusters of a model. */
export function listClusters({ mixture, clusterCells, standardizer }: GvaeModels): gvae.Cluster[] {
	return mixture.means.map((mean, cluster) => {
		const cell = clusterCells[cluster];
		return {
			cluster,
			weight: mixture.weights[cluster]!,
			mean: predictionToMessage(standardizer, mean),
			cheapestCell: cell ? cellToMessage(cell) : undefined,
		};
	});
}

/** The cluster of each cell by its predicted zero-cost vector; messages that are no cell fail singly. */
export async function assignClusters(
	{ gvae: model, mixture, standardizer }: GvaeModels,
	messages: readonly common.Cell[],
	context: CallContext,
): Promise<gvae.AssignedCell[]> {
	const outcomes = await eachCell(messages, context, async (cells) => {
		const latents = await inSpan("encode", () => model.encode(cells, context.signal), {
			cells: cells.length,
		});
		const predicted = await model.predict(latents, context.signal);
		const width = predicted.length / cells.length;
		return cells.map((_, row) => {
			const vector = predicted.slice(row * width, (row + 1) * width);
			const shares = responsibilities(mixture, vector);
			const probability = Math.max(...shares);
			const cluster = shares.indexOf(probability);
			const value = { cluster, probability, predicted: predictionToMessage(standardizer, vector) };
			return { $case: "assignment", value } as const;
		});
	});
	return outcomes.map((outcome) => ({ outcome }));
}
