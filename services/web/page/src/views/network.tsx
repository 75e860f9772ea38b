import { taskTitle } from "@archgen/search-space";
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { bytes, exact, trim } from "../format.js";
import { type Anatomy, anatomyOf, type Costs, METRICS } from "../network.js";
import { Bar, Card, Facts } from "../parts/parts.js";
import { accuracies, answers, keepAccuracy, latencyTable, open, route, type Shown, shown } from "../state.js";
import { scoreAxis } from "./axes.js";
import { candidatesOf, marginTexts, shownOf } from "./candidates.js";
import { Downloads } from "./downloads.js";
import { LatencyTableChoice } from "./latency-table-choice.js";
import { Picture, showCost } from "./picture.js";
import { StageSynonyms } from "./stage-synonyms.js";

/** A network that was opened or that is in an answer. */
function find(hash: string | null | undefined): Shown | undefined {
	if (!hash) return undefined;
	const known = shown.value.get(hash);
	if (known) return known;
	for (const answer of answers.value) {
		const item = candidatesOf(answer).find(({ key }) => key === hash);
		if (item) return shownOf(item, answer);
	}
	return undefined;
}

/** One network, or two side by side. */
export function NetworkView() {
	const { rest, query } = route.value;
	const metric = useSignal<keyof Costs>("macCount");
	const first = find(rest[0]);
	const second = find(query.get("beside"));
	if (!first) {
		return (
			<Card title="No network">
				<p>
					Open one from an <a href="#/answers">answer</a> or a <a href="#/jobs">job</a>.
				</p>
			</Card>
		);
	}
	return (
		<div class="stack">
			<div class="toolbar">
				<label class="inline">
					Colour by
					<select
						value={metric.value}
						onChange={(event) => {
							metric.value = event.currentTarget.value as keyof Costs;
						}}
					>
						{Object.entries(METRICS)
							.filter(([key]) => key !== "latencyMs" || latencyTable.value !== undefined)
							.map(([key, title]) => (
								<option key={key} value={key}>
									{title}
								</option>
							))}
					</select>
				</label>
				<Beside first={first} second={second} />
				<span class="legend" aria-hidden="true">
					less{" "}
					{[0, 1, 2, 3, 4].map((level) => (
						<i key={level} class={`swatch level-${level}`} />
					))}{" "}
					more; dashed: fitted by a 1×1 convolution
				</span>
			</div>
			<details>
				<summary>
					Latency of each layer: {latencyTable.value?.device ?? "needs a table of the device"}
				</summary>
				<LatencyTableChoice />
			</details>
			<div class={second ? "beside" : ""}>
				<One item={first} metric={metric.value} />
				{second && <One item={second} metric={metric.value} />}
			</div>
		</div>
	);
}

/** The other networks of the same answer, to compare with. */
function Beside({ first, second }: { readonly first: Shown; readonly second: Shown | undefined }) {
	const answer = answers.value.find(({ result }) =>
		result.networks.some(({ network }) => network.hash === first.network.hash),
	);
	const others = [
		...(answer?.result.networks.map(({ network }, i) => [network.hash, `Network ${i + 1}`] as const) ?? []),
		...[...shown.value].map(([hash, { title }]) => [hash, title] as const),
	].filter(
		([hash], i, all) => hash !== first.network.hash && all.findIndex(([other]) => other === hash) === i,
	);
	return (
		<label class="inline">
			Beside
			<select value={second?.network.hash ?? ""} onChange={(event) => open(first, event.currentTarget.value)}>
				<option value="">nothing</option>
				{others.map(([hash, title]) => (
					<option key={hash} value={hash}>
						{title}
					</option>
				))}
			</select>
		</label>
	);
}

function One({ item, metric }: { readonly item: Shown; readonly metric: keyof Costs }) {
	const table = latencyTable.value;
	const anatomy = useMemo(() => anatomyOf(item.network, table), [item.network, table]);
	const stage = useSignal<number | undefined>(undefined);
	const cells = anatomy.network.stages.reduce((total, { repeats }) => total + repeats, 0);
	return (
		<div class="stack">
			<Card title={item.title} aside={<Downloads item={item} />}>
				<p class="note">
					{taskTitle(anatomy.network)}, {cells} cells in {anatomy.network.stages.length} stages
				</p>
				<Facts
					facts={[
						["Parameters", exact(anatomy.total.parameterCount)],
						["MACs", exact(anatomy.total.macCount)],
						["flopCount", exact(anatomy.total.flopCount)],
						["Peak activation memory", bytes(anatomy.peakActivationBytes)],
						...(anatomy.latency
							? [
									[
										"Predicted latency",
										`${trim(anatomy.latency.ms)} ± ${trim(anatomy.latency.errorMs)} ms`,
									] as const,
								]
							: []),
						...Object.entries(item.scores).map(([name, value]) => {
							const { title, format } = scoreAxis(name);
							return [title, format(value)] as const;
						}),
						...(item.margins?.length
							? [["Margins", marginTexts(item.margins).map((text) => <div key={text}>{text}</div>)] as const]
							: []),
						["Seed", item.seed],
						...(item.origin ? [["Model", item.origin] as const] : []),
						["Hash", <code key="hash">{item.network.hash.slice(0, 16)}</code>],
					]}
				/>
				{anatomy.latencyProblem && <p class="warning">{anatomy.latencyProblem}</p>}
				<Accuracy hash={item.network.hash} />
			</Card>
			<Picture
				anatomy={anatomy}
				metric={metric}
				selected={stage.value}
				onSelect={(chosen) => {
					stage.value = chosen;
				}}
			/>
			{stage.value !== undefined && (
				<StageSynonyms
					key={`${item.network.hash}-${stage.value}`}
					item={item}
					stage={stage.value}
					total={anatomy.total}
				/>
			)}
			<Shares anatomy={anatomy} metric={metric} />
		</div>
	);
}

/** The accuracy that the reader measured of a network, kept in this browser: an axis of answers. */
function Accuracy({ hash }: { readonly hash: string }) {
	const value = accuracies.value[hash];
	return (
		<label class="inline">
			Known accuracy (%)
			<input
				size={7}
				inputMode="decimal"
				placeholder="none"
				value={value === undefined ? "" : String(value)}
				onChange={(event) => {
					const text = event.currentTarget.value.trim();
					const accuracy = Number(text);
					keepAccuracy(hash, text !== "" && accuracy >= 0 && accuracy <= 100 ? accuracy : undefined);
				}}
			/>
		</label>
	);
}

function Shares({ anatomy, metric }: { readonly anatomy: Anatomy; readonly metric: keyof Costs }) {
	const total = anatomy.total[metric] || 1;
	const rows = (parts: readonly { readonly name: string; readonly costs: Costs }[]) =>
		parts.map(({ name, costs }) => (
			<div key={name} class="step">
				<span class="name">{name}</span>
				<Bar share={costs[metric] / total} label={`${name}: share of ${METRICS[metric]}`} />
				<span class="number">{showCost(metric, costs[metric])}</span>
			</div>
		));
	const operations = [...anatomy.operations]
		.sort((a, b) => b.costs[metric] - a.costs[metric])
		.filter(({ costs }) => costs[metric] > 0);
	return (
		<div class="columns even">
			<Card title={`${METRICS[metric]} by stage`}>{rows(anatomy.sections)}</Card>
			<Card title={`${METRICS[metric]} by operation`}>{rows(operations)}</Card>
		</div>
	);
}
