import type { CellModelFiles } from "../cells/cell-models.js";
import { fingerprint, type Workspace } from "./workspace.js";

/** The files of the cell models that a training has made so far. */
export async function workCellFiles(work: Workspace): Promise<CellModelFiles> {
	const decoder = await work.read("gvae", "gvae", "decoder.onnx");
	const field = await work.read("ccnf", "ccnf", "field.onnx");
	return {
		gvae: work.path("gvae"),
		ccnf: work.path("ccnf"),
		mixture: await work.readJson("mixture", "mixture", "mixture.json"),
		standardizer: await work.readJson("mixture", "mixture", "standardizer.json"),
		identity: `sha256:${fingerprint(decoder, field)}`,
	};
}
