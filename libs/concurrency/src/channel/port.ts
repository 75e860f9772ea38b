import type { ChildProcess } from "node:child_process";
import { parentPort, type Worker } from "node:worker_threads";

/** The end of a line of messages that the owner of a worker holds. */
export interface Port {
	send(message: unknown): void;
	onMessage(handler: (message: unknown) => void): void;
	/** Told once or more when the worker is gone, with the error that ended it if it said one. */
	onEnd(handler: (cause?: Error) => void): void;
	/** Keeps this program alive until `unref`. */
	ref(): void;
	unref(): void;
}

/** The port to a worker thread. */
export function threadPort(worker: Worker): Port {
	return {
		send: (message) => worker.postMessage(message),
		onMessage: (handler) => worker.on("message", handler),
		onEnd: (handler) => {
			worker.on("error", (error) => handler(error as Error));
			worker.on("exit", () => handler());
		},
		ref: () => worker.ref(),
		unref: () => worker.unref(),
	};
}

/** The port to a child process that was forked with `serialization: "advanced"`. */
export function processPort(child: ChildProcess): Port {
	// A process that cannot be started or written to ends; its exit says so.
	child.on("error", () => {});
	return {
		send: (message) => child.send(message as object, () => {}),
		onMessage: (handler) => child.on("message", handler),
		onEnd: (handler) => child.on("exit", () => handler()),
		ref: () => {
			child.ref();
			child.channel?.ref();
		},
		unref: () => {
			child.unref();
			child.channel?.unref();
		},
	};
}

/** The end of the line that the worker holds. */
export interface OwnerPort {
	send(message: unknown): void;
	onMessage(handler: (message: unknown) => void): void;
	/** Lets the worker end. */
	close(): void;
}

/**
 * The port to the owner of this thread or process. A process ends when its owner does, and leaves Ctrl-C, which reaches the whole process group,
 * to the owner.
 */
export function ownerPort(): OwnerPort {
	const thread = parentPort;
	if (thread !== null) {
		return {
			send: (message) => thread.postMessage(message),
			onMessage: (handler) => thread.on("message", handler),
			close: () => thread.close(),
		};
	}
	process.on("disconnect", () => process.exit());
	process.on("SIGINT", () => {});
	return {
		send: (message) => process.send?.(message),
		onMessage: (handler) => process.on("message", handler),
		close: () => process.disconnect(),
	};
}
