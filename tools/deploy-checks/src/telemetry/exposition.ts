/** One sample of a metric. */
export interface Sample {
	readonly name: string;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = '([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\\\\n]|\\\\["\\\\n])*)"';
const COMMENT = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`);
/** Prometheus reads NaN in any case, and prom-client writes "Nan" of a mean without samples. */
const SAMPLE = new RegExp(
	`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? ([-+]?(?:[\\d.]+(?:e[-+]?\\d+)?|Inf)|Na[Nn])$`,
);
/** Endings that the samples of a type add to its name. */
const ENDINGS: Readonly<Record<string, readonly string[]>> = {
	counter: [""],
	gauge: [""],
	histogram: ["_bucket", "_sum", "_count"],
	summary: ["", "_sum", "_count"],
};

/**
 * Reads the text format of Prometheus (version 0.0.4), strictly: every sample follows the TYPE and HELP of its metric, no metric comes twice, counters
 * and nothing else end with `_total`, buckets of a histogram grow and end with `+Inf`.
 *
 * @throws Error with the line that breaks a rule
 */
export function parseExposition(text: string): Sample[] {
	if (!text.endsWith("\n")) throw new Error("The text must end with a line feed.");
	const types = new Map<string, string>();
	const helped = new Set<string>();
	const samples: Sample[] = [];
	let current = "";
	for (const line of text.split("\n").filter((line) => line !== "")) {
		const [, kind, metric = "", rest = ""] = COMMENT.exec(line) ?? [];
		if (kind === "HELP") {
			if (helped.has(metric)) throw new Error(`${line}: comes twice`);
			helped.add(metric);
			current = metric;
		} else if (kind === "TYPE") {
			if (metric !== current || !(rest in ENDINGS)) throw new Error(`${line}: no HELP before it, or no type`);
			types.set(metric, rest);
			if ((rest === "counter") !== metric.endsWith("_total"))
				throw new Error(`${line}: counters, and nothing else, end with _total`);
		} else {
			const sample = readSample(line);
			const endings = ENDINGS[types.get(current) ?? ""] ?? [];
			if (!endings.some((ending) => sample.name === current + ending))
				throw new Error(`${line}: is no sample of ${current}`);
			samples.push(sample);
		}
	}
	requireGrowingBuckets(samples);
	return samples;
}

function readSample(line: string): Sample {
	const match = SAMPLE.exec(line);
	if (match === null) throw new Error(`${line}: is no sample`);
	const labels = [...(match[2] ?? "").matchAll(new RegExp(LABEL, "g"))].map(([, key, value]) => [
		key!,
		value!,
	]);
	if (new Set(labels.map(([key]) => key)).size !== labels.length)
		throw new Error(`${line}: a label comes twice`);
	const value = Number(match.at(-1)!.replace("Inf", "Infinity"));
	return { name: match[1]!, labels: Object.fromEntries(labels), value };
}

function requireGrowingBuckets(samples: readonly Sample[]): void {
	const last = new Map<string, Sample>();
	for (const sample of samples.filter(({ name }) => name.endsWith("_bucket"))) {
		const { le, ...labels } = sample.labels;
		const key = `${sample.name} ${JSON.stringify(labels)}`;
		const before = last.get(key);
		const grows = before === undefined || (sample.value >= before.value && bound(sample) > bound(before));
		if (le === undefined || !grows) throw new Error(`${key} ${le}: buckets do not grow`);
		last.set(key, sample);
	}
	for (const [key, sample] of last)
		if (sample.labels.le !== "+Inf") throw new Error(`${key}: has no bucket +Inf`);
}

function bound({ labels }: Sample): number {
	return labels.le === "+Inf" ? Number.POSITIVE_INFINITY : Number(labels.le);
}
