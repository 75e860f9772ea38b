import type { EvolutionJob } from "../api/types.js";
import { duration, enumText } from "../format.js";
import { boundTexts, quantityText } from "./titles.js";

const LIVE = new Set(["EVOLUTION_JOB_STATE_QUEUED", "EVOLUTION_JOB_STATE_RUNNING"]);

/** Whether a job is running or about to. */
export const isLive = ({ state }: Pick<EvolutionJob, "state">) => LIVE.has(state);

/** The last part of a job's name. */
export const idOf = ({ name }: Pick<EvolutionJob, "name">) => name.split("/")[1]!;

/** State of a job in small letters, which is also its class in the style sheet. */
export const stateOf = ({ state }: EvolutionJob) => enumText(state, "EVOLUTION_JOB_STATE_");

/** Bounds as a text. */
export const boundsOf = (constraints: EvolutionJob["spec"]["constraints"]) =>
	boundTexts(constraints).join(", ") || "none";

/** Strategy, with the costs of a Pareto search. */
export const strategyOf = ({ strategy, paretoCosts }: EvolutionJob["spec"]) =>
	[
		enumText(strategy, "SEARCH_STRATEGY_"),
		...paretoCosts.map((cost) => quantityText(enumText(cost, "PARETO_COST_").replaceAll(" ", "-"))),
	].join(", ");

/** Time that a job still takes; empty where nothing is left, or nobody knows. */
export const leftOf = (job: EvolutionJob) =>
	isLive(job) && job.progress?.remaining ? duration(Number(job.progress.remaining.replace("s", ""))) : "";

/** State of a job in its colour. */
export function State({ job }: { readonly job: EvolutionJob }) {
	return <span class={`state ${stateOf(job)}`}>{stateOf(job)}</span>;
}
