import { DEFAULT_TASK, OUTPUT_STRIDES, TASK_NAMES, TASKS, type TaskName } from "@archgen/search-space";
import { useComputed, useSignal } from "@preact/signals";
import { Play, RotateCcw, Square } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { call } from "../api/client.js";
import type { Model, ObjectiveDescription, ProxyList } from "../api/types.js";
import { duration, enumText } from "../format.js";
import { Bar, Card, CopyButton, Failure } from "../parts/parts.js";
import { latencyTable, orchestrator, route } from "../state.js";
import { BOUND_GROUPS } from "./ask-bounds.js";
import { copiesOf } from "./ask-copies.js";
import { BoundField, Choice, Text } from "./ask-fields.js";
import { EFFORTS, type Form, formFromQuery } from "./ask-form.js";
import { PRESETS } from "./ask-presets.js";
import { STRATEGIES } from "./ask-request.js";
import { ask, cancel, form, run, secondsLeft } from "./ask-run.js";
import { LatencyTableChoice } from "./latency-table-choice.js";

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
	const { running = false, error } = run.value ?? {};
	useEffect(() => {
		if (error) document.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
	}, [error]);
	return (
		<div class="columns">
			<form onSubmit={submit} class="stack" noValidate>
				<Card title="What is it for?">
					<Presets kind="Device" />
					<Presets kind="Typical task" />
					<Target />
				</Card>
				<Card title="Bounds">
					<p class="note">In any combination; write 450M, 1.5M or 1e8, bytes as 256k, 1.5 MB or 768 KiB.</p>
					<div class="bounds">
						{BOUND_GROUPS.map(({ title, hint, bounds }) => (
							<fieldset key={title}>
								<legend>
									{title}
									{hint && <small> {hint}</small>}
								</legend>
								{bounds.map((bound) => (
									<BoundField key={bound.name} bound={bound} title={title} />
								))}
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
			<div class="stack aside">
				<Progress />
				<Copies />
			</div>
		</div>
	);
}

/** Device classes or tasks, each a button that sets the form. */
function Presets({ kind }: { readonly kind: keyof typeof PRESETS }) {
	return (
		<fieldset class="presets">
			<legend>{kind}</legend>
			{Object.entries(PRESETS[kind]).map(([key, { title, hint, form: values }]) => (
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
					{title}
					<small>{hint}</small>
				</button>
			))}
		</fieldset>
	);
}

/** Images and outputs. */
function Target() {
	const task = (form.value.task || DEFAULT_TASK) as TaskName;
	return (
		<div class="fields">
			<Choice
				name="task"
				label="Task"
				wide
				options={TASK_NAMES.map((name) => [
					name === DEFAULT_TASK ? "" : name,
					`${name}: ${TASKS[name].title}`,
				])}
			/>
			<Text name="input" label="Input size" unit="pixels" />
			<Text name="width" label="Input width" unit="pixels" placeholder="square" />
			<Text name="channels" label="Input channels" placeholder="3" />
			{task !== "features" && <Text name="classes" label={OUTPUTS[task]} />}
			{task === "dense" && (
				<Choice
					name="stride"
					label="Output stride"
					options={OUTPUT_STRIDES.map((stride) => [
						stride === 1 ? "" : String(stride),
						stride === 1 ? "1: maps as large as the image" : String(stride),
					])}
				/>
			)}
		</div>
	);
}

/** Title of the number of outputs of each task that has some. */
const OUTPUTS: Readonly<Record<Exclude<TaskName, "features">, string>> = {
	classification: "Classes",
	multilabel: "Labels",
	regression: "Values",
	dense: "Output channels",
};

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
	const copies = useComputed(() =>
		copiesOf(form.value, latencyTable.value, {
			orchestrator: orchestrator.value,
			page: location.origin + location.pathname,
		}),
	);
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
