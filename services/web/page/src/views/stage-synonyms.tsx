import { useSignal, useSignalEffect } from "@preact/signals";
import { type CallError, problemOf } from "../api/client.js";
import { short, trim } from "../format.js";
import { anatomyOf, type Costs } from "../network.js";
import { Card, Failure } from "../parts/parts.js";
import { open, type Shown } from "../state.js";
import { type Synonym, synonymsOf, withCell } from "./synonyms.js";

/** Cells like that of a stage, by the running models; one click puts one in its place. */
export function StageSynonyms({
	item,
	stage,
	total,
}: {
	readonly item: Shown;
	readonly stage: number;
	readonly total: Costs;
}) {
	const cells = useSignal<readonly Synonym[] | undefined>(undefined);
	const generator = useSignal("");
	const error = useSignal<CallError | undefined>(undefined);
	const { cell } = item.network.stages[stage]!;
	useSignalEffect(() => {
		const controller = new AbortController();
		synonymsOf(cell, item.seed, controller.signal).then(
			({ synonyms, cellGenerator }) => {
				cells.value = synonyms;
				generator.value = cellGenerator;
			},
			(failure: unknown) => {
				error.value = problemOf(failure);
			},
		);
		return () => controller.abort();
	});
	const use = ({ cell: other }: Synonym, i: number) => {
		const network = withCell(item.network, stage, other);
		open({
			title: `${item.title}, stage ${stage + 1} with synonym ${i + 1}`,
			network,
			scores: {},
			seed: item.seed,
		});
	};
	return (
		<Card title={`Synonyms of the cell of stage ${stage + 1}`}>
			<p class="note">
				Cells whose predicted zero-cost vectors are near that of this one
				{generator.value && `, drawn by ${generator.value}`}.
			</p>
			<Failure error={error.value} />
			{!cells.value && !error.value && (
				<p class="note" aria-live="polite">
					Drawing …
				</p>
			)}
			{cells.value?.length === 0 && <p>No other cell was drawn.</p>}
			<ul class="synonyms">
				{cells.value?.map((synonym, i) => {
					const { cell: other, distance } = synonym;
					const costs = anatomyOf(withCell(item.network, stage, other)).total;
					const change = (key: "macCount" | "parameterCount") => {
						const by = costs[key] / total[key] - 1;
						return `${by >= 0 ? "+" : "−"}${Math.abs(100 * by).toFixed(1)} %`;
					};
					return (
						<li key={other.hash}>
							<button type="button" class="link" onClick={() => use(synonym, i)}>
								Synonym {i + 1}
							</button>
							<span>
								{other.operations
									.map(
										({ type, kernel }) =>
											`${type.replace("OPERATION_TYPE_", "").toLowerCase().replace("_", " ")} ${kernel}`,
									)
									.join(", ")}{" "}
								<small>distance {trim(distance)}</small>
							</span>
							<span class="number">
								{short(costs.macCount)} MACs ({change("macCount")}), {short(costs.parameterCount)} parameters
								({change("parameterCount")})
							</span>
						</li>
					);
				})}
			</ul>
		</Card>
	);
}
