export { bashCompletion, type Completion } from "./completion.js";
export { parseBytes, parseCount } from "./counts.js";
export { decimals, duration, grouped, percent, plusMinus, short } from "./numbers.js";
export { fields, table } from "./table.js";
