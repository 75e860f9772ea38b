import { useSignal } from "@preact/signals";
import { type CallError, call, problemOf } from "../api/client.js";
import type { Model } from "../api/types.js";
import { trim } from "../format.js";
import { Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";

/** The best objective of two versions for one question. */
interface Comparison {
	readonly name: string;
	readonly before?: number;
	readonly after?: number;
}

interface Reply {
	readonly model: Model;
	readonly comparisons?: readonly Comparison[];
}

interface Props {
	/** "models/{model}/versions/{version}". */
	readonly name: string;
	/** Whether it answers already: it can be rolled back then, not promoted. */
	readonly served?: boolean | undefined;
	readonly onChange?: (() => Promise<void>) | undefined;
}

/** Lets a version answer, with the verdict of the gate that compares it with the one that answers now, and goes back. */
export function Promotion({ name, served, onChange }: Props) {
	const verdict = useSignal("");
	const comparisons = useSignal<readonly Comparison[]>([]);
	const error = useSignal<CallError | undefined>(undefined);
	const busy = useSignal("");
	const change = async (method: "PromoteModel" | "RollbackModel", body: object, doing: string) => {
		busy.value = doing;
		error.value = undefined;
		comparisons.value = [];
		verdict.value = "";
		try {
			const { model, comparisons: compared = [] } = await call<Reply>("orchestrator", method, body);
			const { name: of, version } = model.version;
			comparisons.value = compared;
			verdict.value = `${compared.length > 0 ? "Verdict: not worse. " : ""}${of} ${version} answers now.`;
			await onChange?.();
		} catch (failure) {
			const problem = problemOf(failure);
			if (problem?.problem.reason === "WORSE_THAN_SERVED")
				verdict.value = `Verdict: refused. ${problem.problem.detail}`;
			else error.value = problem;
		}
		busy.value = "";
	};
	const disabled = busy.value !== "";
	return (
		<div class="stack">
			<div class="toolbar">
				{!served && (
					<>
						<button
							type="button"
							disabled={disabled}
							onClick={() =>
								void change(
									"PromoteModel",
									{ name, ifNotWorse: true },
									"Both versions answer the same questions; some minutes …",
								)
							}
						>
							Promote if not worse
						</button>
						<button
							type="button"
							disabled={disabled}
							onClick={() => void change("PromoteModel", { name }, "All services load and try it …")}
						>
							Promote unjudged
						</button>
					</>
				)}
				{served !== false && (
					<button
						type="button"
						disabled={disabled}
						onClick={() =>
							void change(
								"RollbackModel",
								{ name: name.split("/versions/")[0]! },
								"All services load and try the one before …",
							)
						}
					>
						Roll back
					</button>
				)}
				<span role="status">{busy.value || verdict.value}</span>
			</div>
			{comparisons.value.length > 0 && (
				<Table
					caption="Best objective for the questions of the gate"
					items={comparisons.value}
					rowKey={(comparison) => comparison.name}
					columns={[
						{ key: "name", title: "Question", cell: (comparison) => comparison.name },
						{ key: "before", title: "Before", numeric: true, cell: ({ before }) => shown(before) },
						{ key: "after", title: "After", numeric: true, cell: ({ after }) => shown(after) },
					]}
				/>
			)}
			<Failure error={error.value} />
		</div>
	);
}

const shown = (value: number | undefined) => (value === undefined ? "no network" : trim(value));
