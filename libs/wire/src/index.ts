export { cellFromMessage, cellToMessage } from "./cell.js";
export {
	constraintOfKind,
	constraintsFromMessage,
	constraintsToMessage,
	marginsToMessages,
} from "./constraints.js";
export { evaluateNetwork } from "./evaluate-network.js";
export { messageField, restateFields } from "./fields.js";
export { latencyTableFromMessage, latencyTableToMessage } from "./latency.js";
export { countsFromMessage, countsToMessage, networkFromMessage, networkToMessage } from "./network.js";
export { firstOfSize, PAGE_BYTES, PIECE_BYTES } from "./page.js";
export {
	latentsFromMessages,
	latentsToMessages,
	requireBatch,
	requirePositive,
	requireWhole,
} from "./requests.js";
export { seedNumber } from "./seed.js";
export {
	conditionFromMessage,
	conditionToMessage,
	sequenceFromMessage,
	sequenceToMessage,
} from "./sequence.js";
export {
	type TargetFields,
	targetFromMessage,
	targetToMessage,
} from "./target.js";
export { zcVectorFromMessage, zcVectorToMessage } from "./zc-vector.js";
