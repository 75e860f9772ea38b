export * from "./plot.js";
export { renderSvg } from "./render-svg.js";
