export { inOrderOfCompletion } from "./in-order-of-completion.js";
export { Places } from "./places.js";
export { repeat } from "./repeat.js";
