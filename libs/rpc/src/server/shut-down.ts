import type { Server } from "@grpc/grpc-js";

/** Time that calls which are broken off have to be answered. */
const ANSWER_MS = 500;

/** What happens along the way. */
export interface ShutDownSteps {
	/** Tells load balancers that this instance leaves. */
	readonly beforeDrain: () => void;
	/** Breaks off the calls that are still running, so that their callers learn that they may ask another instance. */
	readonly breakOff: () => void;
}

/** Stops a server gracefully: no new calls, running ones may finish for `drainMs`, what is left then is broken off. */
export async function shutDown(server: Server, drainMs: number, steps: ShutDownSteps): Promise<void> {
	steps.beforeDrain();
	const drained = new Promise<void>((resolve) => {
		server.tryShutdown(() => resolve());
	});
	if (!(await within(drained, drainMs))) {
		steps.breakOff();
		await within(drained, ANSWER_MS);
	}
	// Harmless after a complete drain; cuts the connections of calls that do not end otherwise.
	server.forceShutdown();
}

/** Whether something happens in time. */
async function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined;
	const tooLate = new Promise<boolean>((resolve) => {
		timer = setTimeout(() => resolve(false), milliseconds);
	});
	const inTime = await Promise.race([event.then(() => true), tooLate]);
	clearTimeout(timer);
	return inTime;
}
