export * from "./archgen-error.js";
