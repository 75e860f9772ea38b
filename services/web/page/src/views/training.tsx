import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type CallError, call, problemOf } from "../api/client.js";
import { trim } from "../format.js";
import { Bar, Card, Failure } from "../parts/parts.js";

interface Operation {
	readonly name: string;
	readonly done: boolean;
	readonly error?: { readonly message: string };
	readonly metadata?: {
		readonly step?: number;
		readonly stepCount?: number;
		readonly validationLoss?: number;
	};
	readonly response?: { readonly name?: string; readonly metrics?: Readonly<Record<string, number>> };
}

const POLL_MS = 2000;

/** Trains the sequence generator on histories, and says how it went. */
export function Training({ jobs }: { readonly jobs: readonly string[] }) {
	const version = useSignal("");
	const operation = useSignal<Operation | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const name = operation.value?.name;
	const done = operation.value?.done ?? true;
	useEffect(() => {
		if (name === undefined || done) return;
		const timer = setInterval(() => {
			call<Operation>("operations", "GetOperation", { name }).then(
				(latest) => {
					operation.value = latest;
				},
				(failure: unknown) => {
					error.value = problemOf(failure);
				},
			);
		}, POLL_MS);
		return () => clearInterval(timer);
	}, [name, done]);
	const start = async (event: Event) => {
		event.preventDefault();
		error.value = undefined;
		try {
			operation.value = await call<Operation>("jobs", "TrainSequenceGenerator", {
				evolutionJobs: jobs,
				version: version.value,
			});
		} catch (failure) {
			error.value = problemOf(failure);
		}
	};
	const { metadata, response } = operation.value ?? {};
	const fault = error.value?.of("version");
	return (
		<Card title="Train the generator on this history">
			<form class="toolbar" onSubmit={start} noValidate>
				<label class={`inline ${fault ? "wrong" : ""}`}>
					New version
					<input
						value={version.value}
						onInput={(event) => {
							version.value = event.currentTarget.value;
						}}
						size={8}
						aria-invalid={fault !== undefined}
					/>
				</label>
				<button type="submit" disabled={!done}>
					Train
				</button>
			</form>
			<Failure error={error.value} />
			{metadata && !operation.value?.done && (
				<div class="step" aria-live="polite">
					<span>training</span>
					<Bar share={(metadata.step ?? 0) / (metadata.stepCount || 1)} label="Steps of the training" />
					<span class="number">
						{metadata.step} / {metadata.stepCount}
						{metadata.validationLoss === undefined ? "" : `, loss ${trim(metadata.validationLoss)}`}
					</span>
				</div>
			)}
			{operation.value?.error && <p class="warning">{operation.value.error.message}</p>}
			{response?.name && (
				<p>
					{response.name} is written. <a href="#/models">Promote it</a> to let it answer; all services load
					and try it first.
				</p>
			)}
		</Card>
	);
}
