import type { OperationType } from "@archgen/search-space";

export interface BoxColors {
	readonly fill: string;
	readonly stroke: string;
}

const bottleneck = { fill: "#fde8d7", stroke: "#c96f1e" };
const inverted = { fill: "#e3ecfb", stroke: "#3b6fc4" };

/** Fill and border by operation: one hue a family. */
export const OPERATION_COLORS: { readonly [T in OperationType]: BoxColors } = {
	avg_pool: { fill: "#eeeeee", stroke: "#7a7a7a" },
	conv: { fill: "#dff3e4", stroke: "#2f8f4e" },
	sep_conv: { fill: "#fbf3cf", stroke: "#a88a12" },
	dil_conv: { fill: "#f6e0f2", stroke: "#a1479a" },
	mbconv_2: inverted,
	mbconv_3: inverted,
	mbconv_6: inverted,
	bconv_2: bottleneck,
	bconv_4: bottleneck,
};

/** Input and output of a cell. */
export const TERMINAL_COLORS: BoxColors = { fill: "#ffffff", stroke: "#444444" };
