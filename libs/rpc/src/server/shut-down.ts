import type { Server } from "@grpc/grpc-js";

/**
 * Stops a server gracefully: no new calls, running ones may finish for `drainMs`, what is left then is cancelled.
 *
 * @param beforeDrain called first, to tell load balancers that this instance leaves
 */
export async function shutDown(server: Server, drainMs: number, beforeDrain: () => void): Promise<void> {
	beforeDrain();
	let timer: NodeJS.Timeout | undefined;
	const drained = new Promise<void>((resolve) => {
		server.tryShutdown(() => resolve());
	});
	const tooLate = new Promise<void>((resolve) => {
		timer = setTimeout(resolve, drainMs);
	});
	await Promise.race([drained, tooLate]);
	clearTimeout(timer);
	// Harmless after a complete drain; cancels whatever an incomplete one has left.
	server.forceShutdown();
}
