// The order matters: schemas are made when the library loads.
import "./no-eval.js";

export { parseLatencyTable } from "@archgen/latency/table";
