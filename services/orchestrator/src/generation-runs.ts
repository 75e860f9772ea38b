import { randomBytes } from "node:crypto";
import { ArchgenError } from "@archgen/errors";
import { POSITION_UNKNOWN, wasMoved } from "@archgen/rpc";
import { type ProgressEvent, withProgress } from "./with-progress.js";

/** Time that a run is kept without anybody following it, in milliseconds. */
const KEPT_MS = 60_000;

type Report<P> = (progress: P) => void;

interface Run<P, R> {
	readonly result: Promise<R>;
	readonly controller: AbortController;
	latest?: P;
	/** Told of progress; whoever follows last. */
	report: Report<P>;
	expiry?: NodeJS.Timeout;
}

/**
 * Work that reports progress and outlives the stream it is followed on: when the server ends the stream, it can be followed on another one. Work
 * whose caller goes away otherwise is given up.
 */
export class GenerationRuns<P, R> {
	readonly #runs = new Map<string, Run<P, R>>();

	constructor(private readonly keptMs = KEPT_MS) {}

	/** Begins work and returns the token under which it is followed. */
	start(work: (report: Report<P>, signal: AbortSignal) => Promise<R>): string {
		const token = randomBytes(16).toString("hex");
		const controller = new AbortController();
		const report: Report<P> = (progress) => {
			run.latest = progress;
			run.report(progress);
		};
		const run: Run<P, R> = { controller, report: () => {}, result: work(report, controller.signal) };
		// Whoever follows hears of it.
		run.result.catch(() => {});
		this.#runs.set(token, run);
		return token;
	}

	/**
	 * Progress as it comes and the result at the end.
	 *
	 * @throws NOT_FOUND, reason POSITION_UNKNOWN, for work that is not kept here; what the work throws
	 */
	follow(token: string, signal: AbortSignal): AsyncGenerator<ProgressEvent<P, R>, void, undefined> {
		const run = this.#runs.get(token);
		if (run === undefined) throw unknownRun();
		clearTimeout(run.expiry);
		const leave = () => this.#leave(token, run, signal);
		signal.addEventListener("abort", leave, { once: true });
		return withProgress((report) => {
			run.report = report;
			if (run.latest !== undefined) report(run.latest);
			return run.result.finally(() => {
				signal.removeEventListener("abort", leave);
				// The result may be lost with the connection.
				this.#expire(token, run);
			});
		});
	}

	#leave(token: string, run: Run<P, R>, signal: AbortSignal): void {
		run.report = () => {};
		if (wasMoved(signal)) {
			this.#expire(token, run);
			return;
		}
		this.#runs.delete(token);
		run.controller.abort(signal.reason);
	}

	#expire(token: string, run: Run<P, R>): void {
		clearTimeout(run.expiry);
		run.expiry = setTimeout(() => {
			this.#runs.delete(token);
			run.controller.abort();
		}, this.keptMs);
		run.expiry.unref();
	}
}

function unknownRun(): ArchgenError {
	return new ArchgenError({
		category: "NOT_FOUND",
		reason: POSITION_UNKNOWN,
		message: "No generation goes on under this resume_token here; make the request again without one.",
	});
}
