export { inOrderOfCompletion } from "./in-order-of-completion.js";
