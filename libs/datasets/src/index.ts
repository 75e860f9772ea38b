export { enlargeBatch } from "./enlarge.js";
export * from "./image-batch.js";
export * from "./load-images.js";
export * from "./npy.js";
export * from "./read-file.js";
export * from "./selection.js";
export * from "./synthetic.js";
