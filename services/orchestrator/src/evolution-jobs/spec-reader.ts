import { invalidArgument } from "@archgen/errors";
import { passes } from "@archgen/jobs";
import { answeringVersion, findCells, type ServedModelFacts } from "../cell-generators.js";
import type { ScoringSettings } from "../settings.js";
import type { Upstream } from "../upstream.js";
import type { ReadSpec } from "./service.js";
import { specFromMessage } from "./spec-message.js";

const ASK_MS = 1_000;

/** Reads specs; the generator of cells must be one of the version that answers, and the objective is checked against the zc-proxy service if that answers, else by the first evaluation. */
export function specReader(
	upstream: Pick<Upstream, "zcProxy">,
	scoring: ScoringSettings,
	model: ServedModelFacts,
): ReadSpec {
	return async (message) => {
		const job = specFromMessage(message, scoring);
		const { spec } = job;
		if (spec.table !== undefined) return job;
		const { cellGenerator = "", modelVersion } = spec;
		if (cellGenerator !== "") {
			const version = await answeringVersion(modelVersion, model);
			await findCells(cellGenerator, version, model, "evolution_job.spec.cell_generator");
		}
		const known = await proxyNames(upstream);
		if (known !== undefined && !known.includes(spec.objective)) {
			throw invalidArgument("evolution_job.spec.objective", `must be one of ${known.join(", ")}.`);
		}
		return job;
	};
}

async function proxyNames(upstream: Pick<Upstream, "zcProxy">): Promise<string[] | undefined> {
	try {
		const { proxies } = await upstream.zcProxy.listProxies({}, { deadlineMs: ASK_MS });
		return proxies.map(({ name }) => name);
	} catch (error) {
		if (passes(error)) return undefined;
		throw error;
	}
}
