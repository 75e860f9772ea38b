import { FolderModelStore, storedModel } from "@archgen/models";
import { type StartedService, startModelService } from "@archgen/rpc";
import { SessionPool } from "@archgen/tensor-graph";
import { loadModels } from "./models.js";
import { ccnfService } from "./service.js";
import type { CcnfSettings } from "./settings.js";

/** Starts the service; the flow's field runs in worker threads. */
export async function startCcnf(settings: CcnfSettings): Promise<StartedService> {
	const { workers, threadsPerWorker } = settings;
	const pool = SessionPool.create({ workers, threadsPerWorker });
	return startModelService(settings, {
		name: "ccnf",
		serve: (onChange) =>
			storedModel(new FolderModelStore(settings.models), settings.model, {
				load: (bundle) => loadModels(pool, bundle),
				release: (models) => models.ccnf.release(),
				onChange,
			}),
		services: (served) => [ccnfService(served)],
		close: () => pool.close(),
	});
}
