const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Stops gracefully on the first SIGTERM or SIGINT and exits, with 0 after a clean stop and 1 otherwise. A second signal exits
 * at once.
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
	for (const signal of SIGNALS) {
		target.on(signal, onSignal);
	}
}
