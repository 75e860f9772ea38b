export * from "./arrays.js";
export * from "./random.js";
