export { type Refinement, type RefinementDependencies, refine } from "./refine.js";
