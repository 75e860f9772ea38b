import { FolderModelStore, storedModel } from "@archgen/models";
import { type StartedService, startModelService } from "@archgen/rpc";
import { SessionPool } from "@archgen/tensor-graph";
import { loadModels } from "./models.js";
import { gvaeService } from "./service.js";
import type { GvaeSettings } from "./settings.js";

/** Starts the service; models run in worker threads. */
export async function startGvae(settings: GvaeSettings): Promise<StartedService> {
	const { workers, threadsPerWorker } = settings;
	const pool = SessionPool.create({ workers, threadsPerWorker });
	return startModelService(settings, {
		name: "gvae",
		serve: (onChange) =>
			storedModel(new FolderModelStore(settings.models), settings.model, {
				load: (bundle) => loadModels(pool, bundle),
				release: (models) => models.gvae.release(),
				onChange,
			}),
		services: (served) => [gvaeService(served)],
		close: () => pool.close(),
	});
}
