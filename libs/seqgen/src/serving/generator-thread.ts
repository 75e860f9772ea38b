import { parentPort, workerData } from "node:worker_threads";
import { errorToMessage } from "@archgen/errors";
import { cellFromJson } from "@archgen/search-space";
import { type GeneratorCommand, type GeneratorReply, type GeneratorStart, START_CALL } from "./messages.js";
import { TaskRunner } from "./task-runner.js";

const port = parentPort!;
const running = new Map<number, AbortController>();

function reply(message: GeneratorReply): void {
	port.postMessage(message);
}

async function start({ folder, cells, threads }: GeneratorStart): Promise<void> {
	try {
		const known = cells.map((cell) => (cell === null ? null : cellFromJson(cell)));
		const runner = await TaskRunner.load(folder, known, threads);
		port.on("message", (command: GeneratorCommand) => obey(runner, command));
		reply({ call: START_CALL, ok: true, sequences: [] });
	} catch (error) {
		reply({ call: START_CALL, ok: false, error: errorToMessage(error) });
	}
}

function obey(runner: TaskRunner, command: GeneratorCommand): void {
	const { call } = command;
	if (command.kind === "cancel") {
		running.get(call)?.abort();
		return;
	}
	const controller = new AbortController();
	running.set(call, controller);
	runner
		.run(command.task, controller.signal)
		.then((sequences) => reply({ call, ok: true, sequences }))
		.catch((error: unknown) => reply({ call, ok: false, error: errorToMessage(error) }))
		.finally(() => running.delete(call));
}

await start(workerData as GeneratorStart);
