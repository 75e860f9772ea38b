import { useSignal } from "@preact/signals";
import type { Correlation, ProxyList, ProxyRanking } from "../api/types.js";
import { Card } from "../parts/parts.js";
import { type Column, Table } from "../parts/table.js";

/** A proxy or an objective with what was measured of it. */
interface Row {
	readonly name: string;
	readonly rankings: readonly ProxyRanking[];
}

/** What a table of rankings shows of each benchmark. */
interface Measure {
	readonly title: string;
	readonly note: string;
	readonly value: (ranking: ProxyRanking) => number | undefined;
	readonly text: (ranking: ProxyRanking) => string;
}

const decimals = (value: number) => value.toFixed(2).replace("-", "−");
const interval = (found: Correlation | undefined) =>
	found === undefined ? "" : `${decimals(found.value)} [${decimals(found.low)}, ${decimals(found.high)}]`;

const MEASURES: Readonly<Record<string, Measure>> = {
	partial: {
		title: "at equal cost",
		note: "Spearman's rank correlation with trained accuracy, the ranks of MACs and parameters held fixed [95 % interval]: what a proxy adds among networks of equal cost.",
		value: ({ partial }) => partial?.value,
		text: ({ partial }) => interval(partial),
	},
	spearman: {
		title: "over all networks",
		note: "Spearman's rank correlation with trained accuracy [95 % interval]. Size alone reaches much of it.",
		value: ({ spearman }) => spearman?.value,
		text: ({ spearman }) => interval(spearman),
	},
	selection: {
		title: "by what is selected",
		note: "Share of the way from random choice (0) to the best network (1) of what the proxy selects, and its mean accuracy.",
		value: ({ selectionShare }) => selectionShare,
		text: ({ selectionShare, selectedAccuracy }) =>
			selectionShare === undefined ? "" : `${decimals(selectionShare)} (${selectedAccuracy} %)`,
	},
};

/** How proxies and objectives rank trained networks, as the scoring service lists it. */
export function Rankings({ list: { proxies, objectives } }: { readonly list: ProxyList }) {
	const chosen = useSignal("partial");
	const measure = MEASURES[chosen.value]!;
	const known = new Set(proxies.map(({ name }) => name));
	const all: Row[] = [
		...proxies,
		...objectives.filter(({ name, parts }) => !known.has(name) && parts.length > 1),
	];
	const rows = all.filter(({ rankings }) => rankings.some((ranking) => measure.value(ranking) !== undefined));
	const benchmarks = rows[0]?.rankings ?? [];
	const mean = ({ rankings }: Row) =>
		rankings.reduce((sum, ranking) => sum + (measure.value(ranking) ?? 0), 0) / (rankings.length || 1);
	return (
		<Card
			title="Rankings of proxies"
			aside={
				<label class="inline">
					Agreement
					<select
						value={chosen.value}
						onChange={(event) => {
							chosen.value = event.currentTarget.value;
						}}
					>
						{Object.entries(MEASURES).map(([key, { title }]) => (
							<option key={key} value={key}>
								{title}
							</option>
						))}
					</select>
				</label>
			}
		>
			<p class="note">{measure.note}</p>
			<Table
				caption={`Rankings of proxies ${measure.title}`}
				items={rows}
				rowKey={({ name }) => name}
				columns={[
					{ key: "name", title: "Proxy", value: ({ name }) => name, cell: ({ name }) => <code>{name}</code> },
					...benchmarks.map(
						({ benchmark }, i): Column<Row> => ({
							key: benchmark,
							title: benchmark,
							numeric: true,
							value: ({ rankings }) => measure.value(rankings[i]!) ?? Number.NEGATIVE_INFINITY,
							cell: ({ rankings }) => measure.text(rankings[i]!),
						}),
					),
					{ key: "mean", title: "Mean", numeric: true, value: mean, cell: (row) => decimals(mean(row)) },
				]}
			/>
			<ul class="note">
				{benchmarks.map(({ benchmark, target }) => (
					<li key={benchmark}>
						{benchmark}: {target}
					</li>
				))}
			</ul>
		</Card>
	);
}
