import type { BarPlot } from "@archgen/plots";
import type { Table1 } from "./table1.js";

/** Pixels of a target's three bars. */
const TARGET_WIDTH = 30;

/** Mean ZC distance of the samples to each target, by way of sampling. */
export function table1Plot({ tables, samples, seeds }: Table1): BarPlot {
	return {
		kind: "bars",
		title: `ZC distance of ${samples * seeds} samples to what they were wanted near to`,
		width: Math.max(480, TARGET_WIDTH * tables.length),
		y: { title: "ZC distance, mean ± standard deviation" },
		bars: tables.flatMap(({ target, rows }) =>
			rows.map(({ method, zcDistance: { mean, sd } }) => ({
				category: target.name,
				group: method,
				value: mean,
				error: sd,
			})),
		),
	};
}
