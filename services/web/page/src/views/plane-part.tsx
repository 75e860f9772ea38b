import type { Brush } from "../chart/scatter.js";
import { readBytes } from "../format.js";
import type { Axis } from "./axes.js";

const ANY: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The chosen part of the plane as numbers, for those who do not drag. */
export function PlanePart({
	x,
	y,
	brush,
	onBrush,
}: {
	readonly x: Axis;
	readonly y: Axis;
	readonly brush: Brush | undefined;
	readonly onBrush: (brush: Brush | undefined) => void;
}) {
	const field = (axis: Axis, side: "x" | "y", end: 0 | 1) => {
		const value = brush?.[side][end];
		return (
			<label>
				<span>
					{axis.title}, at {end === 0 ? "least" : "most"}
				</span>
				<input
					value={value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(6)))}
					onChange={(event) => {
						const text = event.currentTarget.value.trim();
						const number =
							text === "" ? Number.NaN : Number(Number.isNaN(Number(text)) ? readBytes(text) : text);
						const all = brush ?? { x: ANY, y: ANY };
						const next: [number, number] = [...all[side]];
						next[end] = Number.isFinite(number) ? number : ANY[end];
						onBrush({ ...all, [side]: next });
					}}
				/>
			</label>
		);
	};
	return (
		<details>
			<summary>Choose a part by numbers</summary>
			<div class="fields">
				{field(x, "x", 0)}
				{field(x, "x", 1)}
				{field(y, "y", 0)}
				{field(y, "y", 1)}
			</div>
		</details>
	);
}
