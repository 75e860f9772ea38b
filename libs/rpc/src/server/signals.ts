const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Stops gracefully on the first SIGTERM or SIGINT and exits, with 0 after a clean stop and 1 otherwise. A second signal exits
 * at once.
 *
 * A process that was started with an IPC channel belongs to its parent: it stops as well when the parent has gone, however
 * that ended, and leaves SIGINT to it, because a terminal's Ctrl-C reaches both.
 *
 * @param stop what to stop; called once
 * @param target the process, exchangeable for tests
 */
export function stopOnSignals(stop: () => Promise<void>, target: NodeJS.Process = process): void {
	let stopping = false;
	const onSignal = () => {
		if (stopping) {
			target.exit(1);
			return;
		}
		stopping = true;
		stop().then(
			() => target.exit(0),
			() => target.exit(1),
		);
	};
	if (target.send === undefined) {
		for (const signal of SIGNALS) {
			target.on(signal, onSignal);
		}
		return;
	}
	target.on("SIGTERM", onSignal);
	target.on("SIGINT", () => {});
	target.on("disconnect", onSignal);
	if (!target.connected) {
		onSignal();
	}
}
