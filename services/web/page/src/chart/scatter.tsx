import { useComputed, useSignal } from "@preact/signals";
import { scaleLinear } from "d3-scale";
import { useRef } from "preact/hooks";
import { bytes, byteTicks } from "../format.js";
import type { Mark } from "./mark.js";
import { useWidth } from "./use-width.js";

/** Part of the plane that was chosen, in data units. */
export interface Brush {
	readonly x: readonly [number, number];
	readonly y: readonly [number, number];
}

interface Props {
	readonly title: string;
	readonly marks: readonly Mark[];
	readonly front: readonly { readonly x: number; readonly y: number }[];
	readonly x: AxisSettings;
	readonly y: AxisSettings;
	readonly highlighted?: string | undefined;
	readonly brush?: Brush | undefined;
	readonly onBrush?: (brush: Brush | undefined) => void;
	readonly onHover?: (key: string | undefined) => void;
	readonly onOpen?: (key: string) => void;
}

export interface AxisSettings {
	readonly title: string;
	readonly format: (value: number) => string;
	/** Bounds, drawn as lines. */
	readonly bounds: readonly number[];
}

const HEIGHT = 350;
const LEFT = 62;
const BOTTOM = 44;
const TOP = 24;
const RIGHT = 20;

/** Points over two axes with their front; dragging chooses a part, the table below has the same for the keyboard. */
export function Scatter({ title, marks, front, x, y, highlighted, brush, onBrush, onHover, onOpen }: Props) {
	const [ref, width] = useWidth();
	const svg = useRef<SVGSVGElement>(null);
	const drag = useSignal<{ from: [number, number]; to: [number, number] } | undefined>(undefined);
	const xScale = scaleLinear()
		.domain(extent([...marks.map((mark) => mark.x), ...x.bounds]))
		.nice(5)
		.range([LEFT, width - RIGHT]);
	const yScale = scaleLinear()
		.domain(extent([...marks.map((mark) => mark.y), ...y.bounds]))
		.nice(5)
		.range([HEIGHT - BOTTOM, TOP]);
	const at = (event: PointerEvent): [number, number] => {
		const box = svg.current!.getBoundingClientRect();
		return [event.clientX - box.left, event.clientY - box.top];
	};
	const finish = () => {
		const done = drag.value;
		drag.value = undefined;
		if (!done) return;
		const [[x0, y0], [x1, y1]] = [done.from, done.to];
		if (Math.abs(x1 - x0) < 5 && Math.abs(y1 - y0) < 5) return onBrush?.(undefined);
		const span = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);
		onBrush?.({
			x: span(xScale.invert(x0), xScale.invert(x1)),
			y: span(yScale.invert(y0), yScale.invert(y1)),
		});
	};
	const rectangle = useComputed(() => {
		if (!drag.value) return undefined;
		const [[x0, y0], [x1, y1]] = [drag.value.from, drag.value.to];
		return { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
	});
	const kept = brush && {
		x: xScale(brush.x[0]),
		y: yScale(brush.y[1]),
		width: xScale(brush.x[1]) - xScale(brush.x[0]),
		height: yScale(brush.y[0]) - yScale(brush.y[1]),
	};
	// A part that is open on a side has no rectangle.
	const chosen = rectangle.value ?? kept;
	const shade = chosen && Object.values(chosen).every(Number.isFinite) ? chosen : undefined;
	const hovered = marks.find(({ key }) => key === highlighted);
	return (
		<div ref={ref} class="chart">
			<svg
				ref={svg}
				width={width}
				height={HEIGHT}
				role="img"
				aria-label={`${title}. The table below has the same points.`}
				onPointerOver={(event) => onHover?.(keyAt(event))}
				onPointerLeave={() => onHover?.(undefined)}
				onPointerDown={(event) => {
					if (!onBrush || event.button !== 0 || keyAt(event) !== undefined) return;
					svg.current!.setPointerCapture(event.pointerId);
					drag.value = { from: at(event), to: at(event) };
				}}
				onPointerMove={(event) => {
					if (drag.value) drag.value = { from: drag.value.from, to: at(event) };
				}}
				onPointerUp={(event) => {
					const key = drag.value ? undefined : keyAt(event);
					if (key !== undefined) onOpen?.(key);
					finish();
				}}
				onPointerCancel={() => {
					drag.value = undefined;
				}}
			>
				<Grid xScale={xScale} yScale={yScale} x={x} y={y} width={width} />
				{shade && <rect class="brush" {...shade} />}
				{front.length > 1 && (
					<path class="front-line" d={steps(front.map((point) => [xScale(point.x), yScale(point.y)]))} />
				)}
				{marks.map((mark) => (
					<Shape
						key={mark.key}
						mark={mark}
						at={[xScale(mark.x), yScale(mark.y)]}
						highlighted={mark.key === highlighted}
					/>
				))}
				{marks.map(
					({ key, name, ...mark }) =>
						name && (
							<text key={key} class="mark-name" x={xScale(mark.x) + 7} y={yScale(mark.y) - 7}>
								{name}
							</text>
						),
				)}
			</svg>
			<output class="hover">
				{hovered?.label ?? "All that is known of a network shows here when the pointer is on it."}
			</output>
		</div>
	);
}

/** Half the diagonal of a diamond in pixels. */
const DIAMOND = 6;

function Shape({
	mark: { key, kind, label },
	at: [cx, cy],
	highlighted,
}: {
	readonly mark: Mark;
	readonly at: readonly [number, number];
	readonly highlighted: boolean;
}) {
	const settings = { class: `mark ${kind} ${highlighted ? "highlighted" : ""}`, "data-key": key };
	if (kind === "reference") {
		const diamond = `M${cx} ${cy - DIAMOND}l${DIAMOND} ${DIAMOND}l${-DIAMOND} ${DIAMOND}l${-DIAMOND} ${-DIAMOND}Z`;
		return (
			<path {...settings} d={diamond}>
				<title>{label}</title>
			</path>
		);
	}
	return (
		<circle {...settings} cx={cx} cy={cy} r={highlighted ? 7 : kind === "front" ? 5 : 4}>
			<title>{label}</title>
		</circle>
	);
}

/** The mark under the pointer. */
function keyAt({ target }: Event): string | undefined {
	return (target as SVGElement).closest<SVGElement>("[data-key]")?.dataset.key;
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

/** Axes with few ticks, and bounds as lines. */
function Grid({
	xScale,
	yScale,
	x,
	y,
	width,
}: {
	xScale: Scale;
	yScale: Scale;
	x: AxisSettings;
	y: AxisSettings;
	width: number;
}) {
	return (
		<g>
			{ticksOf(yScale, 5, y).map((tick) => (
				<g key={tick}>
					<line class="grid" x1={LEFT} x2={width - RIGHT} y1={yScale(tick)} y2={yScale(tick)} />
					<text class="tick" x={LEFT - 8} y={yScale(tick) + 4} text-anchor="end">
						{y.format(tick)}
					</text>
				</g>
			))}
			{ticksOf(xScale, Math.max(2, Math.floor(width / 130)), x).map((tick) => (
				<text key={tick} class="tick" x={xScale(tick)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
					{x.format(tick)}
				</text>
			))}
			<line class="axis" x1={LEFT} x2={width - RIGHT} y1={HEIGHT - BOTTOM} y2={HEIGHT - BOTTOM} />
			<text class="axis-title" x={width - RIGHT} y={HEIGHT - 6} text-anchor="end">
				{x.title}
			</text>
			<text class="axis-title" x={LEFT + 4} y={TOP - 9}>
				{y.title}
			</text>
			{x.bounds.map((bound) => (
				<line key={bound} class="bound" x1={xScale(bound)} x2={xScale(bound)} y1={TOP} y2={HEIGHT - BOTTOM} />
			))}
			{y.bounds.map((bound) => (
				<line key={bound} class="bound" x1={LEFT} x2={width - RIGHT} y1={yScale(bound)} y2={yScale(bound)} />
			))}
		</g>
	);
}

/** Round values of an axis: in the units that people write bytes in, otherwise decimal. */
function ticksOf(scale: Scale, count: number, { format }: AxisSettings): number[] {
	const [least, most] = scale.domain() as [number, number];
	return format === bytes ? byteTicks(least, most, count) : scale.ticks(count);
}

function extent(values: readonly number[]): [number, number] {
	const finite = values.filter(Number.isFinite);
	if (finite.length === 0) return [0, 1];
	const [least, most] = [Math.min(...finite), Math.max(...finite)];
	const pad = least === most ? Math.abs(least) * 0.05 || 1 : (most - least) * 0.06;
	// nothing that is counted is less than nothing
	return [least >= 0 ? Math.max(0, least - pad) : least - pad, most + pad];
}

/** Corners of a front: straight along x, then along y. */
function steps(points: readonly (readonly [number, number])[]): string {
	return points.map(([x, y], i) => (i === 0 ? `M${x} ${y}` : `H${x}V${y}`)).join("");
}
