import { waitForHealthy } from "@archgen/rpc";
import { naming } from "../files/name-option.js";

/** Time that a service has to say that it is there. */
const REACH_MS = 3000;

/**
 * Waits until what is named by `--address` answers.
 *
 * @throws ArchgenError that names the option when it does not
 */
export function reach(address: string, signal?: AbortSignal): Promise<void> {
	return naming("address", "--address", () => waitForHealthy({ address, timeoutMs: REACH_MS, signal }));
}
