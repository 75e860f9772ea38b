import { finite, type ProxySpec } from "../proxy.js";
import { SIZE_SHARE, sizeTerm } from "../trained-fit.js";

/** A logit of accuracy to which the multiply-accumulates are added, for networks of different cost. @param name of the proxy without size */
export function withSize(name: string, proxy: ProxySpec): ProxySpec {
	return {
		...proxy,
		description: `${name} and the multiply-accumulates, for networks of different cost.`,
		formula: `${name} + ${SIZE_SHARE} ln(multiply-accumulates / 30 M)`,
		async compute(evidence) {
			const result = await proxy.compute(evidence);
			return result.ok ? finite(result.value + sizeTerm(evidence.counts.macCount)) : result;
		},
	};
}
