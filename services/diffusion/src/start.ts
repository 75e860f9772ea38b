import { FolderModelStore, storedModel } from "@archgen/models";
import { readSpaceGenerators } from "@archgen/pipeline";
import { type StartedService, startModelService } from "@archgen/rpc";
import { SessionPool } from "@archgen/tensor-graph";
import { diffusionService } from "./service.js";
import type { DiffusionSettings } from "./settings.js";

/** Starts the service; models run in worker threads. */
export async function startDiffusion(settings: DiffusionSettings): Promise<StartedService> {
	const { workers, threadsPerWorker } = settings;
	const pool = SessionPool.create({ workers, threadsPerWorker });
	return startModelService(settings, {
		name: "diffusion",
		serve: (onChange) =>
			storedModel(new FolderModelStore(settings.models), settings.model, {
				load: readSpaceGenerators,
				// Weights alone are kept: each call loads the networks that it needs.
				release: async () => {},
				onChange,
			}),
		services: (served) => [diffusionService(served, pool)],
		close: () => pool.close(),
	});
}
