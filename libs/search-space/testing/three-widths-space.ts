import { invalidArgument } from "@archgen/errors";
import { choiceSpace } from "../src/choice-space.js";
import { readObject } from "../src/fields.js";
import { appendConvNorm, appendMobileHead } from "../src/inverted-residual.js";
import { squareMap } from "../src/layer.js";
import { chainSections } from "../src/lower-network.js";

const WIDTHS = ["8", "16", "32"] as const;
type Width = (typeof WIDTHS)[number];
const isWidth = (value: unknown): value is Width => WIDTHS.some((width) => width === value);

/** Six convolutions of 3×3, each with one of three widths. JSON form: `{"widths": ["8", "16", "16", "32", "32", "32"]}`. */
export const threeWidthsSpace = choiceSpace<Width>({
	name: "three-widths",
	title: "Three widths",
	source: "docs/extend/space.md",
	target: { size: 32, classes: 10 },
	positions: Array.from({ length: 6 }, () => WIDTHS),
	lower: (widths, { size, classes }) =>
		chainSections(squareMap(3, size), (builder, section) => {
			widths.forEach((width, i) => {
				const name = i === 0 ? "stem" : `layers.${i}`;
				section({ kind: i === 0 ? "stem" : "block", name }, (from) =>
					appendConvNorm(builder, name, from, { outChannels: Number(width), kernel: 3, stride: 1 + (i % 2) }),
				);
			});
			section({ kind: "head", name: "head" }, (from) =>
				appendMobileHead(builder, from, { features: 64, classes }),
			);
		}),
	toJson: (widths) => ({ widths }),
	fromJson: (value) => {
		const { widths } = readObject(value, "", ["widths"]);
		if (Array.isArray(widths) && widths.length === 6 && widths.every(isWidth)) return widths;
		throw invalidArgument("widths", `must be six of ${WIDTHS.join(", ")}`);
	},
});
