import { activations } from "./proxies/activations.js";
import { azExpressivity } from "./proxies/az-expressivity.js";
import { azProgressivity } from "./proxies/az-progressivity.js";
import { azTrainability } from "./proxies/az-trainability.js";
import { flopCount, macCount, parameters } from "./proxies/counts.js";
import { depth } from "./proxies/depth.js";
import { expectedAccuracy } from "./proxies/expected-accuracy.js";
import { fisher } from "./proxies/fisher.js";
import { gradNorm } from "./proxies/grad-norm.js";
import { grasp } from "./proxies/grasp.js";
import { jacobCov } from "./proxies/jacob-cov.js";
import { l2Norm } from "./proxies/l2-norm.js";
import { meco } from "./proxies/meco.js";
import { naswot } from "./proxies/naswot.js";
import { naswotRelu } from "./proxies/naswot-relu.js";
import { snip, snipSsnr } from "./proxies/snip.js";
import { blur, context, effectiveDepth, imbalance } from "./proxies/structure.js";
import { swap, swapRegularised } from "./proxies/swap.js";
import { synflow } from "./proxies/synflow.js";
import { tcet } from "./proxies/tcet.js";
import { tcetFit } from "./proxies/tcet-fit.js";
import { tcetStructure } from "./proxies/tcet-structure.js";
import { tcetTrain } from "./proxies/tcet-train.js";
import { withSize } from "./proxies/with-size.js";
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
	tcet_train: tcetTrain,
	tcet_fit: tcetFit,
	tcet_fit_size: withSize("tcet_fit", tcetFit),
	tcet_structure: tcetStructure,
	tcet_structure_size: withSize("tcet_structure", tcetStructure),
	synflow,
	grad_norm: gradNorm,
	zico,
	zen,
	jacob_cov: jacobCov,
	fisher,
	grasp,
	l2_norm: l2Norm,
	az_expressivity: azExpressivity,
	az_progressivity: azProgressivity,
	az_trainability: azTrainability,
	swap,
	swap_regularised: swapRegularised,
	meco,
	depth,
	activations,
	expected_accuracy: expectedAccuracy,
	effective_depth: effectiveDepth,
	blur,
	context,
	imbalance,
} as const satisfies Record<string, ProxySpec>;

export type ProxyName = keyof typeof PROXIES;

/** All names in the order of the table. */
export const PROXY_NAMES = Object.keys(PROXIES) as readonly ProxyName[];

/** Whether a word names a proxy. */
export function isProxyName(name: string): name is ProxyName {
	return Object.hasOwn(PROXIES, name);
}
