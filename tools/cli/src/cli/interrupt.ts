import { setMaxListeners } from "node:events";
import type { TextSink } from "./progress.js";

/** Exit code of a program that a signal stopped: 128 + SIGINT. */
export const INTERRUPTED = 130;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** The first Ctrl-C asks the command to stop and save, a second one quits at once. */
export function listenForInterrupts(
	stderr: TextSink,
	quit: (code: number) => void = process.exit,
): { readonly signal: AbortSignal; dispose(): void } {
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	const onSignal = () => {
		if (controller.signal.aborted) return quit(INTERRUPTED);
		stderr.write("\nStopping; press Ctrl-C again to quit at once.\n");
		controller.abort();
	};
	for (const name of SIGNALS) process.on(name, onSignal);
	return {
		signal: controller.signal,
		dispose: () => {
			for (const name of SIGNALS) process.off(name, onSignal);
		},
	};
}
