export { inOrderOfCompletion } from "./in-order-of-completion.js";
export { repeat } from "./repeat.js";
