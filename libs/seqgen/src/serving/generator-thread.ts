import { serveCalls } from "@archgen/concurrency";
import { cellFromJson } from "@archgen/search-space";
import type { GeneratorRequest, GeneratorStart } from "./messages.js";
import { TaskRunner } from "./task-runner.js";

let runner: TaskRunner | undefined;

async function load({ folder, cells, threads }: GeneratorStart): Promise<void> {
	const known = cells.map((cell) => (cell === null ? null : cellFromJson(cell)));
	runner = await TaskRunner.load(folder, known, threads);
}

serveCalls<GeneratorRequest>(async (request, signal) =>
	request.kind === "load" ? load(request.start) : runner!.run(request.task, signal),
);
