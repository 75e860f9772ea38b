import { join } from "node:path";
import {
	BUNDLE_LAYOUT,
	type Bundle,
	FolderModelStore,
	readClusterCells,
	readMixture,
	storedModel,
} from "@archgen/models";
import { type StartedService, startModelService } from "@archgen/rpc";
import { cellToJson } from "@archgen/search-space";
import { Generator } from "@archgen/seqgen";
import { seqgenService } from "./service.js";
import type { SeqgenSettings } from "./settings.js";

/** Starts the service; decoding runs in a thread of its own. */
export function startSeqgen(settings: SeqgenSettings): Promise<StartedService> {
	return startModelService(settings, {
		name: "seqgen",
		serve: (onChange) =>
			storedModel(new FolderModelStore(settings.models), settings.model, {
				load: (bundle) => loadGenerator(bundle, settings.threads),
				release: (generator) => generator.close(),
				onChange,
			}),
		services: (served) => [seqgenService(served)],
		close: async () => {},
	});
}

async function loadGenerator(bundle: Bundle, threads: number): Promise<Generator> {
	const mixture = await readMixture(bundle);
	const cells = await readClusterCells(bundle, mixture.weights.length);
	return Generator.load({
		folder: join(bundle.folder, BUNDLE_LAYOUT.seqgen),
		cells: cells.map((cell) => cell && cellToJson(cell)),
		threads,
	});
}
