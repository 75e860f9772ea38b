import { setImmediate } from "node:timers/promises";
import { errorToMessage } from "@archgen/errors";
import type { OwnerMessage, WorkerMessage } from "./messages.js";
import { type OwnerPort, ownerPort } from "./port.js";

export interface ServeOptions {
	/** True to begin a call only when the one before is answered. Default false. */
	readonly oneAtATime?: boolean;
	/** Reason of errors that are no ArchgenError; by default such an error comes back as a plain one with its stack. */
	readonly failureReason?: string;
	/** What the worker says about itself with every answer. */
	readonly note?: () => unknown;
}

/** Answers one request; the signal fires when the answer is not wanted any more. */
export type Answer<Request> = (request: Request, signal: AbortSignal) => Promise<unknown>;

/** Answers the calls of this thread's or process's owner, who has a `Channel`, until the owner stops it or is gone. */
export function serveCalls<Request>(answer: Answer<Request>, options: ServeOptions = {}): void {
	const server = new CallServer(ownerPort(), answer as Answer<unknown>, options);
	server.start();
}

class CallServer {
	readonly #controllers = new Map<number, AbortController>();
	readonly #running = new Set<Promise<void>>();
	#last: Promise<void> = Promise.resolve();
	#stopping = false;

	constructor(
		private readonly port: OwnerPort,
		private readonly answer: Answer<unknown>,
		private readonly options: ServeOptions,
	) {}

	start(): void {
		this.port.onMessage((message) => this.#obey(message as OwnerMessage));
	}

	#obey(message: OwnerMessage): void {
		if (message.kind === "cancel") this.#controllers.get(message.call)?.abort();
		else if (message.kind === "stop") this.#stop();
		else {
			this.#controllers.set(message.call, new AbortController());
			this.#last = this.options.oneAtATime
				? this.#last.then(() => this.#serve(message))
				: this.#serve(message);
			const own = this.#last.finally(() => this.#running.delete(own));
			this.#running.add(own);
		}
	}

	async #serve({ call, request }: OwnerMessage & { kind: "call" }): Promise<void> {
		const { signal } = this.#controllers.get(call)!;
		const { oneAtATime, failureReason, note } = this.options;
		// Lets cancellations in that came during the call before.
		if (oneAtATime) await setImmediate();
		let message: WorkerMessage;
		try {
			if (this.#stopping) throw new Error("the worker has been told to stop");
			if (signal.aborted) throw new Error("the call was cancelled before it began");
			message = { call, ok: true, reply: await this.answer(request, signal) };
		} catch (error) {
			message = { call, ok: false, error: errorToMessage(error, failureReason) };
		}
		this.#controllers.delete(call);
		this.port.send(note === undefined ? message : { ...message, note: note() });
	}

	#stop(): void {
		this.#stopping = true;
		for (const controller of this.#controllers.values()) controller.abort();
		void Promise.all(this.#running).then(() => this.port.close());
	}
}
