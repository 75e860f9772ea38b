import { scaleLinear } from "d3-scale";
import { exact, trim } from "../format.js";
import { useWidth } from "./use-width.js";

/** A curve that stays level between its points. */
export interface Curve {
	readonly name: string;
	readonly points: readonly { readonly index: number; readonly score: number }[];
}

interface Props {
	readonly title: string;
	readonly curves: readonly Curve[];
	/** Single values behind the curves. */
	readonly cloud?: readonly { readonly index: number; readonly score: number }[];
	readonly yTitle: string;
}

const HEIGHT = 280;
const LEFT = 66;
const RIGHT = 96;
const TOP = 18;
const BOTTOM = 40;

/** Curves over evaluations, labelled where they end. */
export function Lines({ title, curves, cloud = [], yTitle }: Props) {
	const [ref, width] = useWidth();
	const all = [...cloud, ...curves.flatMap(({ points }) => points)];
	const scores = all.map(({ score }) => score).filter(Number.isFinite);
	const [least, most] = scores.length ? [Math.min(...scores), Math.max(...scores)] : [0, 1];
	const x = scaleLinear()
		.domain([0, Math.max(1, ...all.map(({ index }) => index))])
		.range([LEFT, width - RIGHT]);
	const y = scaleLinear()
		.domain(least === most ? [least - 1, most + 1] : [least, most])
		.nice(4)
		.range([HEIGHT - BOTTOM, TOP]);
	const path = (points: Curve["points"]) =>
		points
			.map(({ index, score }, i) => (i === 0 ? `M${x(index)} ${y(score)}` : `H${x(index)}V${y(score)}`))
			.join("");
	return (
		<div ref={ref} class="chart">
			<svg width={width} height={HEIGHT} role="img" aria-label={title}>
				{y.ticks(4).map((tick) => (
					<g key={tick}>
						<line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
						<text class="tick" x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
							{trim(tick)}
						</text>
					</g>
				))}
				{x.ticks(Math.max(2, Math.floor(width / 140))).map((tick) => (
					<text key={tick} class="tick" x={x(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
						{exact(tick)}
					</text>
				))}
				<line class="axis" x1={LEFT} x2={width - RIGHT} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
				<text class="axis-title" x={width - RIGHT} y={HEIGHT - 6} text-anchor="end">
					evaluations
				</text>
				<text class="axis-title" x={LEFT + 4} y={TOP - 5}>
					{yTitle}
				</text>
				<path
					class="cloud"
					d={cloud.map(({ index, score }) => `M${x(index).toFixed(1)} ${y(score).toFixed(1)}h0`).join("")}
				/>
				{curves.map(({ name, points }, i) => {
					const last = points.at(-1);
					return (
						<g key={name} class={`curve curve-${i % 6}`}>
							<path d={path(points)} />
							{last && (
								<text
									x={x(last.index) + 6}
									y={y(last.score) + 4 + labelShift(curves, i, (score) => y(score))}
								>
									{name}
								</text>
							)}
						</g>
					);
				})}
			</svg>
		</div>
	);
}

/** Moves a label down when it would lie on one of an earlier curve. */
function labelShift(curves: readonly Curve[], i: number, y: (score: number) => number): number {
	const at = (curve: Curve) => y(curve.points.at(-1)?.score ?? 0);
	const near = curves
		.slice(0, i)
		.filter((other) => other.points.length > 0 && Math.abs(at(other) - at(curves[i]!)) < 14);
	return 14 * near.length;
}
