import type { ProxyName } from "@archgen/proxies";
import { scoreOne } from "../validation/score-benchmark.js";

/**
 * Seconds that a proxy or combination takes on its own for one network, passes that others would share included. The first score compiles
 * what it needs and is not counted.
 *
 * @param columns what is measured: names and proxies
 * @param options `now` gives the seconds of some clock
 */
export async function secondsAlone(
	arch: string,
	columns: readonly { readonly name: string; readonly proxies: readonly ProxyName[] }[],
	options: Parameters<typeof scoreOne>[2] & { readonly now: () => number },
): Promise<Map<string, number>> {
	const seconds = new Map<string, number>();
	for (const { name, proxies } of columns) {
		await scoreOne(arch, proxies, options);
		const start = options.now();
		await scoreOne(arch, proxies, options);
		seconds.set(name, options.now() - start);
	}
	return seconds;
}
