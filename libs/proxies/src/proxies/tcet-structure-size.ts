import { finite, type ProxySpec } from "../proxy.js";
import { SIZE_SHARE, sizeTerm } from "../trained-fit.js";
import { tcetStructure } from "./tcet-structure.js";

export const tcetStructureSize: ProxySpec = {
	...tcetStructure,
	description: "tcet_structure and the multiply-accumulates, for networks of different cost.",
	formula: `tcet_structure + ${SIZE_SHARE} ln(multiply-accumulates / 30 M)`,
	async compute(evidence) {
		const value = await tcetStructure.compute(evidence);
		return value.ok ? finite(value.value + sizeTerm(evidence.counts.macCount)) : value;
	},
};
