import { flopCount, macCount, parameters } from "./proxies/counts.js";
import { fisher } from "./proxies/fisher.js";
import { gradNorm } from "./proxies/grad-norm.js";
import { grasp } from "./proxies/grasp.js";
import { jacobCov } from "./proxies/jacob-cov.js";
import { l2Norm } from "./proxies/l2-norm.js";
import { naswot } from "./proxies/naswot.js";
import { naswotRelu } from "./proxies/naswot-relu.js";
import { snip, snipSsnr } from "./proxies/snip.js";
import { synflow } from "./proxies/synflow.js";
import { tcet } from "./proxies/tcet.js";
import { zen } from "./proxies/zen.js";
import { zico } from "./proxies/zico.js";
import type { ProxySpec } from "./proxy.js";

/** All proxies by name. Adding one means one file in `proxies/` and one line here. */
export const PROXIES = {
	parameters,
	macCount,
	flopCount,
	naswot,
	naswot_relu: naswotRelu,
	snip,
	snip_ssnr: snipSsnr,
	tcet,
	synflow,
	grad_norm: gradNorm,
	zico,
	zen,
	jacob_cov: jacobCov,
	fisher,
	grasp,
	l2_norm: l2Norm,
} as const satisfies Record<string, ProxySpec>;

export type ProxyName = keyof typeof PROXIES;

/** All names in the order of the table. */
export const PROXY_NAMES = Object.keys(PROXIES) as readonly ProxyName[];

/** Whether a word names a proxy. */
export function isProxyName(name: string): name is ProxyName {
	return Object.hasOwn(PROXIES, name);
}
