import type { LatencyTable } from "@archgen/latency/model";
import type { GenerationSpec } from "../api/types.js";
import { readBytes } from "../format.js";
import { latencyTableToWire } from "../latency-table.js";
import { constraintsOf } from "./ask-bounds.js";
import type { Form } from "./ask-form.js";

/** Text that the server may complain about stays text. */
const number = (text: string): number | string => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** A number where the text is one; the text itself for the server to complain about. */
const decimal = (text: string): number | string => (Number.isNaN(Number(text)) ? text : Number(text));

/** Candidates outside the bounds that an answer shows. */
const OUTSIDE = 100;
/** Evaluations of a job in flight, as `archgen jobs create` has them. */
export const JOB_PARALLELISM = 4;

/** `hl-evo` → `HL_EVO`. */
const constant = (name: string) => name.toUpperCase().replaceAll("-", "_");

/** The proxy that an objective of one part is. */
export const proxyOf = (objective: string) => objective.replaceAll("-", "_");

/** Images and outputs. Only dense prediction has a stride, and features are no outputs. */
function targetOf({ input, width, channels, classes, task, stride }: Form) {
	return {
		inputSize: number(input),
		classCount: task === "features" ? 0 : number(classes),
		...(width.trim() === "" ? {} : { inputWidth: number(width) }),
		...(channels.trim() === "" ? {} : { inputChannels: number(channels) }),
		...(task === "" ? {} : { task: `TASK_${constant(task)}` }),
		...(task === "dense" && stride !== "" ? { outputStride: number(stride) } : {}),
	};
}

/** Bound on latency and the table that it needs; the server says so when there is none. */
function latencyOf({ latency }: Form, table: LatencyTable | undefined) {
	return {
		...(table ? { latencyTable: latencyTableToWire(table) } : {}),
		...(latency.trim() === "" ? {} : { maxLatencyMs: decimal(latency.trim()) }),
	};
}

/**
 * The request of the form. All that is within the bounds comes back, so that it can be compared, and some of what is outside.
 *
 * @param table latency of the device, where one is known
 */
export function specOf(filled: Form, table: LatencyTable | undefined): GenerationSpec {
	const candidates = number(filled.candidates);
	const [temperature, deadline] = [filled.temperature.trim(), filled.deadline.trim()];
	return {
		constraints: constraintsOf(filled.bounds),
		...targetOf(filled),
		candidates,
		topK: typeof candidates === "number" ? Math.max(1, Math.min(100, candidates)) : 1,
		seed: filled.seed.trim() || "0",
		skipScoring: filled.effort === "generate",
		modelVersion: filled.version,
		objective: filled.effort === "generate" ? "" : filled.objective,
		cellGenerator: filled.generator,
		outsideLimit: OUTSIDE,
		...latencyOf(filled, table),
		...(filled.effort === "refine" ? { evaluationCount: number(filled.evaluations) } : {}),
		...(filled.effort === "refine" && deadline !== ""
			? { refinementTimeLimitSeconds: decimal(deadline) }
			: {}),
		...(temperature === "" ? {} : { temperature: decimal(temperature) }),
	};
}

/** The search of the form as a job. @param table as for {@link specOf} */
export function jobSpecOf(filled: Form, table: LatencyTable | undefined): Readonly<Record<string, unknown>> {
	const { constraints, seed, modelVersion, objective } = specOf(filled, table);
	const [strategy = "", cost] = filled.strategy.split(":");
	return {
		...{ constraints, ...targetOf(filled), seed, modelVersion, objective: proxyOf(objective) },
		...latencyOf(filled, table),
		...(filled.peak.trim() === "" ? {} : { maxPeakActivationBytes: readBytes(filled.peak) }),
		...(strategy === "" ? {} : { strategy: `SEARCH_STRATEGY_${constant(strategy)}` }),
		...(cost === undefined ? {} : { paretoCosts: [`PARETO_COST_${constant(cost)}`] }),
		evaluationCount: number(filled.evaluations),
		parallelism: JOB_PARALLELISM,
	};
}

/** The request as the methods of the protocol take it. @param table as for {@link specOf} */
export function requestOf(
	filled: Form,
	table: LatencyTable | undefined,
): { readonly method: string; readonly body: object } {
	const service = "archgen.orchestrator.v1";
	return filled.effort === "search"
		? {
				method: `${service}.EvolutionJobService/CreateEvolutionJob`,
				body: { evolutionJob: { spec: jobSpecOf(filled, table) } },
			}
		: { method: `${service}.OrchestratorService/GenerateNetworks`, body: { spec: specOf(filled, table) } };
}

/** Strategies of searches, by what the form and the command line call them. */
export const STRATEGIES: Readonly<Record<string, string>> = {
	"": "HL-Evo",
	cells: "Evolution of cells",
	ageing: "Ageing evolution",
	random: "Random search",
	"pareto:mac-count": "Pareto: objective against MACs",
	"pareto:parameter-count": "Pareto: objective against parameters",
	"pareto:peak-activation-bytes": "Pareto: objective against peak memory",
	"pareto:latency": "Pareto: objective against latency",
};
