import { percent } from "../format.js";
import { type Column, Table } from "../parts/table.js";
import type { Axis, Measured } from "./axes.js";
import { type Candidate, marginTexts, type PublishedNetwork, tightest } from "./candidates.js";

/** The published networks behind the plane, each with its source. */
export function Published({
	items,
	axes,
}: {
	readonly items: readonly PublishedNetwork[];
	readonly axes: readonly Axis[];
}) {
	const shown = axes.filter((axis) => items.some((item) => axis.read(item) !== undefined));
	return (
		<details>
			<summary>{items.length} published networks of this task, with their sources</summary>
			<Table
				caption="Published networks"
				items={items}
				rowKey={({ key }) => key}
				columns={[
					{
						key: "name",
						title: "Network",
						value: ({ reference }) => reference.name,
						cell: ({ reference }) => reference.name,
					},
					...shown.map((axis) => axisColumn<PublishedNetwork>(axis)),
					{ key: "source", title: "Source", cell: ({ reference }) => reference.source },
				]}
			/>
		</details>
	);
}

function axisColumn<T extends Measured>(axis: Axis): Column<T> {
	return {
		key: axis.key,
		title: axis.title,
		value: (item) => axis.read(item) ?? Number.NEGATIVE_INFINITY,
		cell: (item) => {
			const value = axis.read(item);
			return value === undefined ? "none" : axis.format(value);
		},
		numeric: true,
	};
}

/** Columns of the table of candidates: a name that opens the network, every quantity that one of them has, the tightest bound. */
export function columnsOf(
	axes: readonly Axis[],
	candidates: readonly Candidate[],
	show: (key: string) => void,
): Column<Candidate>[] {
	return [
		{
			key: "rank",
			title: "Network",
			value: (item) => candidates.indexOf(item),
			cell: ({ key, name }) => (
				<button type="button" class="link" onClick={() => show(key)}>
					{name}
				</button>
			),
		},
		...axes
			.filter(({ read }) => candidates.some((item) => read(item) !== undefined))
			.map((axis) => axisColumn<Candidate>(axis)),
		{
			key: "margin",
			title: "Margin",
			value: tightest,
			cell: (item) => (
				<span title={marginTexts(item.margins).join("\n")}>
					{item.margins.length ? percent(tightest(item)) : "no bound"}
				</span>
			),
			numeric: true,
		},
		{ key: "hash", title: "Hash", cell: ({ key }) => <code>{key.slice(0, 10)}</code> },
	];
}
