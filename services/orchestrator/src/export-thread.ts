import { parentPort, workerData } from "node:worker_threads";
import { networkFromJson } from "@archgen/search-space";
import { exportFiles } from "./export-files.js";
import type { ExportTask } from "./export-worker.js";

const { network, formats, seed } = workerData as ExportTask;
parentPort!.postMessage(exportFiles(networkFromJson(network), formats, seed));
