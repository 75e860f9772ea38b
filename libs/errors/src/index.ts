export * from "./archgen-error.js";
export * from "./error-message.js";
