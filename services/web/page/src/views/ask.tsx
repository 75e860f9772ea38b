import { useComputed, useSignal } from "@preact/signals";
import { Play, RotateCcw, Square } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import type { Model, ObjectiveDescription, ProxyList } from "../api/types.js";
import { duration, enumText } from "../format.js";
import { Bar, Card, CopyButton, Failure } from "../parts/parts.js";
import { route } from "../state.js";
import {
	BOUNDS,
	copiesOf,
	EFFORTS,
	type Form,
	form,
	formFromQuery,
	PRESETS,
	type Preset,
	STRATEGIES,
} from "./ask-form.js";
import { ask, cancel, run, secondsLeft } from "./ask-run.js";
import { LatencyTableChoice } from "./latency-table-choice.js";

/** Field of the protocol that each text of the form becomes, for complaints beside it. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
	input: ["spec.input_size", "evolution_job.spec.input_size"],
	classes: ["spec.class_count", "evolution_job.spec.class_count"],
	candidates: ["spec.candidates", "spec.top_k"],
	seed: ["spec.seed", "evolution_job.spec.seed"],
	temperature: ["spec.temperature"],
	version: ["spec.model_version", "evolution_job.spec.model_version"],
	evaluations: ["evolution_job.spec.evaluation_count", "spec.evaluation_count"],
	objective: ["spec.objective", "evolution_job.spec.objective"],
	deadline: ["x-timeout-ms", "spec.refinement_time_limit_seconds"],
	generator: ["spec.cell_generator"],
	latency: [
		"spec.max_latency_ms",
		"spec.latency_table",
		"evolution_job.spec.max_latency_ms",
		"evolution_job.spec.latency_table",
	],
	peak: ["evolution_job.spec.max_peak_activation_bytes"],
	strategy: ["evolution_job.spec.strategy", "evolution_job.spec.pareto_costs"],
};

const complaint = (fields: readonly string[]) =>
	fields.map((field) => run.value?.error?.of(field)).find((text) => text !== undefined);

/** The form: bounds, task, effort; its progress; the same request for other tools. */
export function Ask() {
	const query = route.value.query.toString();
	useEffect(() => {
		const linked = formFromQuery(new URLSearchParams(query));
		if (linked) form.value = linked;
	}, [query]);
	const submit = (event: Event) => {
		event.preventDefault();
		void ask(form.value);
	};
	const running = run.value?.running ?? false;
	return (
		<div class="columns">
			<form onSubmit={submit} class="stack" noValidate>
				<Card title="What is it for?">
					<Presets kind="device" title="Device" />
					<Presets kind="task" title="Task" />
					<div class="fields">
						<Text name="input" label="Input size" unit="pixels" />
						<Text name="classes" label="Classes" />
					</div>
				</Card>
				<Card title="Bounds">
					<p class="note">In any combination; write 450M, 1.5M or 1e8.</p>
					<div class="bounds">
						{BOUNDS.map(({ quantity, title, ...rest }) => (
							<fieldset key={quantity}>
								<legend>
									{title}
									{"hint" in rest && <small> {rest.hint}</small>}
								</legend>
								<Bound name={`min-${quantity}`} label="at least" title={title} />
								<Bound name={`max-${quantity}`} label="at most" title={title} />
							</fieldset>
						))}
					</div>
					<div class="fields">
						<Text name="latency" label="Latency, at most" unit="ms" />
						{form.value.effort === "search" && (
							<Text name="peak" label="Peak activation memory, at most" unit="bytes" />
						)}
					</div>
					<LatencyTableChoice />
				</Card>
				<Card title="Effort">
					<Effort />
				</Card>
				<div class="actions">
					<button type="submit" class="primary" disabled={running}>
						<Play size={16} aria-hidden="true" />
						{form.value.effort === "search" ? "Start the search" : "Generate networks"}
					</button>
					{running && (
						<button type="button" onClick={cancel}>
							<Square size={15} aria-hidden="true" />
							Cancel
						</button>
					)}
				</div>
			</form>
			<div class="stack">
				<Progress />
				<Copies />
			</div>
		</div>
	);
}

/** Device classes or tasks, each a button that sets the form. */
function Presets({ kind, title }: { readonly kind: Preset["kind"]; readonly title: string }) {
	return (
		<fieldset class="presets">
			<legend>{title}</legend>
			{Object.entries(PRESETS)
				.filter(([, preset]) => preset.kind === kind)
				.map(([key, { title: name, hint, form: values }]) => (
					<button
						key={key}
						type="button"
						aria-pressed={Object.entries(values).every(
							([field, value]) => JSON.stringify(form.value[field as keyof Form]) === JSON.stringify(value),
						)}
						onClick={() => {
							form.value = { ...form.value, ...values };
						}}
					>
						{name}
						<small>{hint}</small>
					</button>
				))}
		</fieldset>
	);
}

type TextKey = Exclude<keyof Form, "bounds" | "effort">;

function Text({
	name,
	label,
	unit,
}: {
	readonly name: TextKey;
	readonly label: string;
	readonly unit?: string;
}) {
	const error = complaint(FIELDS[name] ?? []);
	return (
		<Field
			id={name}
			label={unit ? `${label} (${unit})` : label}
			value={form.value[name]}
			error={error}
			onInput={(text) => {
				form.value = { ...form.value, [name]: text };
			}}
		/>
	);
}

function Bound({
	name,
	label,
	title,
}: {
	readonly name: string;
	readonly label: string;
	readonly title: string;
}) {
	const field = `constraints.${name.replaceAll("-", "_")}`;
	const error = complaint([`spec.${field}`, `evolution_job.spec.${field}`]);
	return (
		<Field
			id={name}
			label={label}
			hiddenPrefix={`${title} `}
			value={form.value.bounds[name] ?? ""}
			error={error}
			onInput={(text) => {
				form.value = { ...form.value, bounds: { ...form.value.bounds, [name]: text } };
			}}
		/>
	);
}

interface FieldProps {
	readonly id: string;
	readonly label: string;
	readonly hiddenPrefix?: string;
	readonly value: string;
	readonly error: string | undefined;
	readonly onInput: (text: string) => void;
}

function Field({ id, label, hiddenPrefix, value, error, onInput }: FieldProps) {
	return (
		<label class={error ? "wrong" : ""}>
			<span>
				{hiddenPrefix && <span class="hidden">{hiddenPrefix}</span>}
				{label}
			</span>
			<input
				id={id}
				value={value}
				onInput={(event) => onInput(event.currentTarget.value)}
				autoComplete="off"
				spellcheck={false}
				aria-invalid={error !== undefined}
				aria-describedby={error ? `${id}-error` : undefined}
			/>
			{error && (
				<small id={`${id}-error`} class="error">
					{error}
				</small>
			)}
		</label>
	);
}

/** Title and hint of each effort. */
const EFFORT_TEXTS: Readonly<Record<Form["effort"], readonly [string, string]>> = {
	generate: ["Generate only", "seconds; the largest within the bounds first"],
	score: ["Generate and score", "a minute or two; the objective ranks the candidates"],
	refine: ["Refine by evolution", "goes on from the candidates until so many are evaluated"],
	search: ["Search as a job", "survives restarts; hours for 20,000 evaluations"],
};

/** Generators of cells that the chosen version lists; the baseline without a model is always there. */
function generatorsOf(versions: readonly Model[]): (readonly [string, string])[] {
	const chosen =
		versions.find(({ version }) => version.version === form.value.version) ??
		versions.find(({ labels }) => labels.includes("default"));
	const own = (chosen?.generators ?? []).filter(
		({ space, name }) => space === "cells" && name !== "flow" && name !== "random",
	);
	return [
		["", "flow"],
		...own.map(({ name, kind }) => [name, `${name} (${kind})`] as const),
		["random", "random cells, the baseline"],
	];
}

function Choice({
	name,
	label,
	options,
}: {
	readonly name: TextKey;
	readonly label: string;
	readonly options: readonly (readonly [string, string])[];
}) {
	const error = complaint(FIELDS[name] ?? []);
	return (
		<label class={error ? "wrong" : ""}>
			<span>{label}</span>
			<select
				id={name}
				value={form.value[name]}
				aria-invalid={error !== undefined}
				aria-describedby={error ? `${name}-error` : undefined}
				onChange={(event) => {
					form.value = { ...form.value, [name]: event.currentTarget.value };
				}}
			>
				{options.map(([value, title]) => (
					<option key={value} value={value}>
						{title}
					</option>
				))}
			</select>
			{error && (
				<small id={`${name}-error`} class="error">
					{error}
				</small>
			)}
		</label>
	);
}

function Effort() {
	const versions = useSignal<readonly Model[]>([]);
	const objectives = useSignal<readonly ObjectiveDescription[]>([]);
	useEffect(() => {
		call<{ models: Model[] }>("orchestrator", "ListModels", {}).then(
			({ models }) => {
				versions.value = models;
			},
			() => {},
		);
		call<ProxyList>("proxies", "ListProxies", {}).then(
			({ objectives: known }) => {
				objectives.value = known;
			},
			() => {},
		);
	}, []);
	const { effort } = form.value;
	return (
		<>
			<fieldset class="choices">
				<legend class="hidden">Effort</legend>
				{EFFORTS.map((key) => (
					<label key={key} class="choice">
						<input
							type="radio"
							name="effort"
							checked={effort === key}
							onChange={() => {
								form.value = { ...form.value, effort: key };
							}}
						/>
						<span>
							{EFFORT_TEXTS[key][0]}
							<small>{EFFORT_TEXTS[key][1]}</small>
						</span>
					</label>
				))}
			</fieldset>
			<div class="fields">
				{effort !== "search" && <Text name="candidates" label="Candidates" />}
				{(effort === "search" || effort === "refine") && <Text name="evaluations" label="Evaluations" />}
				{effort !== "generate" && (
					<Choice
						name="objective"
						label="Objective"
						options={[
							["", `the default${objectives.value[0] ? `, ${objectives.value[0].name}` : ""}`],
							// A search maximises one proxy.
							...objectives.value
								.filter(({ parts }) => effort !== "search" || parts.length === 1)
								.map(({ name, description }) => [name, `${name}: ${description}`] as const),
						]}
					/>
				)}
				{effort === "search" && (
					<Choice name="strategy" label="Strategy" options={Object.entries(STRATEGIES)} />
				)}
				<Text name="seed" label="Seed" />
				{effort !== "search" && <Text name="temperature" label="Temperature (0.4)" />}
				{effort !== "search" && <Text name="deadline" label="Deadline" unit="seconds" />}
				<Choice
					name="version"
					label="Model"
					options={[
						["", "the promoted version"],
						...versions.value.map(
							({ version: { name, version } }) => [version, `${name} ${version}`] as const,
						),
					]}
				/>
				{effort !== "search" && (
					<Choice name="generator" label="Generator of cells" options={generatorsOf(versions.value)} />
				)}
			</div>
		</>
	);
}

function Progress() {
	const current = run.value;
	if (!current) return null;
	const left = secondsLeft(current.steps);
	return (
		<Card title={current.running ? "Under way" : current.cancelled ? "Cancelled" : "Not answered"}>
			<div aria-live="polite" class="stack">
				{current.steps.map(({ step, done, total }) => (
					<div key={step} class="step">
						<span>{enumText(step, "GENERATION_STEP_")}</span>
						<Bar share={total === 0 ? 0 : done / total} label={enumText(step, "GENERATION_STEP_")} />
						<span class="number">{total === 0 ? "" : `${done} / ${total}`}</span>
					</div>
				))}
				{current.running && (
					<p class="note">
						{left === undefined
							? "The time that is left shows once something is done."
							: `About ${duration(left)} left.`}
					</p>
				)}
			</div>
			<Failure error={current.error} />
			{!current.running && (
				<button type="button" onClick={() => void ask(form.value)}>
					<RotateCcw size={15} aria-hidden="true" />
					Try again
				</button>
			)}
		</Card>
	);
}

function Copies() {
	const copies = useComputed(() => copiesOf(form.value));
	return (
		<Card title="The same request elsewhere">
			{Object.entries(copies.value).map(([name, text]) => (
				<div key={name} class="copy">
					<div>
						<h3>{name}</h3>
						<CopyButton text={text} label={name} />
					</div>
					<pre>{text}</pre>
				</div>
			))}
		</Card>
	);
}
