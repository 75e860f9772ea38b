export type { Candidate, CellOrigin, Provenance, Rejection } from "./candidate.js";
export { conditionOf } from "./condition.js";
export * from "./generate.js";
export { LARGEST_FIRST } from "./largest-first.js";
export * from "./request.js";
export * from "./result.js";
export {
	drawDistinct,
	SYNONYM_TEMPERATURE,
	type Synonym,
	type SynonymRequest,
	type SynonymSources,
} from "./synonyms.js";
