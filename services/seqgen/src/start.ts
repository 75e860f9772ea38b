import { join } from "node:path";
import { BUNDLE_LAYOUT, type Bundle, FolderModelStore, readStageCells, storedModel } from "@archgen/models";
import { type StartedService, startModelService } from "@archgen/rpc";
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
	return Generator.load(join(bundle.folder, BUNDLE_LAYOUT.seqgen), await readStageCells(bundle), threads);
}
