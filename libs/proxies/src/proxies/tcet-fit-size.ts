import { finite, type ProxySpec } from "../proxy.js";
import { SIZE_SHARE, sizeTerm } from "../trained-fit.js";
import { tcetFit } from "./tcet-fit.js";

export const tcetFitSize: ProxySpec = {
	...tcetFit,
	description: "tcet_fit and the multiply-accumulates, for networks of different cost.",
	formula: `tcet_fit + ${SIZE_SHARE} ln(multiply-accumulates / 30 M)`,
	async compute(evidence) {
		const value = await tcetFit.compute(evidence);
		return value.ok ? finite(value.value + sizeTerm(evidence.counts.macCount)) : value;
	},
};
