import type { Bound } from "./ask-bounds.js";
import type { Form, TextKey } from "./ask-form.js";
import { form, run } from "./ask-run.js";

/** Fields of a spec that each text of the form becomes, for complaints beside it. */
const FIELDS: Readonly<Record<TextKey, readonly string[]>> = {
	input: ["input_size"],
	width: ["input_width"],
	channels: ["input_channels"],
	classes: ["class_count"],
	task: ["task"],
	stride: ["output_stride"],
	candidates: ["candidates", "top_k"],
	seed: ["seed"],
	temperature: ["temperature"],
	version: ["model_version"],
	generator: ["cell_generator"],
	latency: ["max_latency_ms", "latency_table"],
	peak: ["max_peak_activation_bytes"],
	strategy: ["strategy", "pareto_costs"],
	objective: ["objective"],
	evaluations: ["evaluation_count"],
	deadline: ["refinement_time_limit_seconds"],
};

/** The server's complaint about one of some fields of a spec. */
function complaint(fields: readonly string[]): string | undefined {
	const error = run.value?.error;
	const paths = fields.flatMap((field) => [`spec.${field}`, `evolution_job.spec.${field}`]);
	return paths.map((path) => error?.of(path)).find((text) => text !== undefined);
}

const complaintAbout = (name: TextKey) =>
	complaint(FIELDS[name]) ?? (name === "deadline" ? run.value?.error?.of("x-timeout-ms") : undefined);

const fill = (changed: Partial<Form>) => {
	form.value = { ...form.value, ...changed };
};

/** A text of the form. */
export function Text({
	name,
	label,
	unit,
	placeholder,
}: {
	readonly name: TextKey;
	readonly label: string;
	readonly unit?: string;
	/** The default, where the field may stay empty. */
	readonly placeholder?: string;
}) {
	return (
		<Field
			id={name}
			label={unit ? `${label} (${unit})` : label}
			value={form.value[name]}
			placeholder={placeholder}
			error={complaintAbout(name)}
			onInput={(text) => fill({ [name]: text })}
		/>
	);
}

/** A bound of the form. @param title of its group, read out before its own label */
export function BoundField({
	bound: { name, label },
	title,
}: {
	readonly bound: Bound;
	readonly title: string;
}) {
	return (
		<Field
			id={name}
			label={label}
			hiddenPrefix={`${title} `}
			value={form.value.bounds[name] ?? ""}
			error={complaint([`constraints.${name.replaceAll("-", "_")}`])}
			onInput={(text) => fill({ bounds: { ...form.value.bounds, [name]: text } })}
		/>
	);
}

interface FieldProps {
	readonly id: string;
	readonly label: string;
	readonly hiddenPrefix?: string;
	readonly value: string;
	readonly placeholder?: string | undefined;
	readonly error: string | undefined;
	readonly onInput: (text: string) => void;
}

function Field({ id, label, hiddenPrefix, value, placeholder, error, onInput }: FieldProps) {
	return (
		<label class={error ? "wrong" : ""}>
			<span>
				{hiddenPrefix && <span class="hidden">{hiddenPrefix}</span>}
				{label}
			</span>
			<input
				id={id}
				value={value}
				placeholder={placeholder}
				onInput={(event) => onInput(event.currentTarget.value)}
				autoComplete="off"
				spellcheck={false}
				aria-invalid={error !== undefined}
				aria-describedby={error ? `${id}-error` : undefined}
			/>
			<Complaint id={id} text={error} />
		</label>
	);
}

/** A text of the form that is one of some values. */
export function Choice({
	name,
	label,
	options,
	wide = false,
}: {
	readonly name: TextKey;
	readonly label: string;
	/** Whether it takes a line of its own, for long titles. */
	readonly wide?: boolean;
	readonly options: readonly (readonly [value: string, title: string])[];
}) {
	const error = complaintAbout(name);
	return (
		<label class={[error ? "wrong" : "", wide ? "wide" : ""].join(" ")}>
			<span>{label}</span>
			<select
				id={name}
				value={form.value[name]}
				aria-invalid={error !== undefined}
				aria-describedby={error ? `${name}-error` : undefined}
				onChange={(event) => fill({ [name]: event.currentTarget.value })}
			>
				{options.map(([value, title]) => (
					<option key={value} value={value}>
						{title}
					</option>
				))}
			</select>
			<Complaint id={name} text={error} />
		</label>
	);
}

function Complaint({ id, text }: { readonly id: string; readonly text: string | undefined }) {
	return text === undefined ? null : (
		<small id={`${id}-error`} class="error">
			{text}
		</small>
	);
}
