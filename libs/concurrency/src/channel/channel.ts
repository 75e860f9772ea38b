import { messageToError, throwIfAborted } from "@archgen/errors";
import type { OwnerMessage, WorkerMessage } from "./messages.js";
import type { Port } from "./port.js";

export interface ChannelOptions<Note> {
	/** The error of all calls once the worker is gone. @param cause the error that ended it, if it said one */
	readonly lost: (cause: Error | undefined) => Error;
	/** Told with every answer what the worker says about itself. */
	readonly onNote?: (note: Note) => void;
}

interface Pending {
	resolve(reply: unknown): void;
	reject(error: Error): void;
}

/** Calls of one worker, a thread or a process that answers with `serveCalls`. An idle worker does not keep the program alive. */
export class Channel<Request, Note = undefined> {
	readonly #port: Port;
	readonly #options: ChannelOptions<Note>;
	readonly #pending = new Map<number, Pending>();
	#calls = 0;
	#failure: Error | undefined;

	/** Settles when the worker is gone. */
	readonly ended: Promise<void>;

	constructor(port: Port, options: ChannelOptions<Note>) {
		this.#port = port;
		this.#options = options;
		port.onMessage((message) => this.#settle(message as WorkerMessage));
		this.ended = new Promise((resolve) => {
			port.onEnd((cause) => {
				this.#fail(cause);
				resolve();
			});
		});
		port.unref();
	}

	/** Calls that have no answer yet. */
	get pending(): number {
		return this.#pending.size;
	}

	/** True when the worker is gone. */
	get isLost(): boolean {
		return this.#failure !== undefined;
	}

	/**
	 * The worker's answer. A signal tells the worker that the call is not wanted any more; the call ends when the worker has heard it, with the
	 * reply if there is one all the same.
	 *
	 * @throws what the worker throws; CANCELLED; `lost`
	 */
	async call<Reply>(request: Request, signal?: AbortSignal): Promise<Reply> {
		throwIfAborted(signal);
		if (this.#failure) throw this.#failure;
		const call = this.#calls++;
		const cancel = () => this.#send({ kind: "cancel", call });
		signal?.addEventListener("abort", cancel, { once: true });
		try {
			return await new Promise<Reply>((resolve, reject) => {
				this.#pending.set(call, { resolve: resolve as (reply: unknown) => void, reject });
				this.#port.ref();
				this.#send({ kind: "call", call, request });
			});
		} catch (error) {
			throwIfAborted(signal);
			throw error;
		} finally {
			signal?.removeEventListener("abort", cancel);
		}
	}

	/** Cancels all calls and lets the worker end by itself once they have heard it. */
	async stop(): Promise<void> {
		if (this.#failure) return;
		this.#port.ref();
		this.#send({ kind: "stop" });
		await this.ended;
	}

	#send(message: OwnerMessage): void {
		this.#port.send(message);
	}

	#settle(message: WorkerMessage): void {
		const pending = this.#pending.get(message.call);
		this.#pending.delete(message.call);
		if (this.#pending.size === 0) this.#port.unref();
		if (message.note !== undefined) this.#options.onNote?.(message.note as Note);
		if (message.ok) pending?.resolve(message.reply);
		else pending?.reject(messageToError(message.error));
	}

	#fail(cause: Error | undefined): void {
		this.#failure ??= this.#options.lost(cause);
		for (const pending of this.#pending.values()) pending.reject(this.#failure);
		this.#pending.clear();
	}
}
