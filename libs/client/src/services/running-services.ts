import { waitForHealthy } from "@archgen/rpc";
import { DEFAULT_PORTS, SERVICES, type ServiceName } from "./programs.js";

/** Time that a service has to say that it runs, in milliseconds. */
const LOOK_MS = 500;

/** Addresses of the services that answer at their usual ports. */
export async function runningServices(signal: AbortSignal): Promise<Partial<Record<ServiceName, string>>> {
	const looks = SERVICES.map(async (name) => {
		const address = `127.0.0.1:${DEFAULT_PORTS[name]}`;
		return waitForHealthy({ address, timeoutMs: LOOK_MS, signal }).then(
			() => [[name, address] as const],
			() => [],
		);
	});
	return Object.fromEntries((await Promise.all(looks)).flat());
}
