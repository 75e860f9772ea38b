import type { BundleManifest, GeneratorEntry } from "../store/manifest-schema.js";

/** What a manifest does not say and a card may. */
export interface CardOptions {
	/** Identifier of the licence of the weights, e.g. `apache-2.0`. */
	readonly license?: string;
}

/**
 * README.md of a bundle as a model card: YAML front matter that hubs read, with every metric of the manifest, then generators, metrics, origin
 * and the commands that use it.
 */
export function hubCard(manifest: BundleManifest, { license }: CardOptions = {}): string {
	const { name, version, generators, metrics, trainedOn } = manifest;
	const facts = {
		library_name: "archgen",
		...(license !== undefined && { license }),
		tags: ["neural-architecture-search", "onnx", ...new Set(generators.map(({ kind }) => kind))],
		"model-index": [{ name: `${name}-${version}`, results: results(manifest) }],
	};
	const sections = [
		`---\n${frontMatter(facts)}\n---`,
		`# ${name} ${version}\n\nA bundle of models that generate neural networks under budgets, for archgen.`,
		usage(manifest),
		section("Generators", ["generator", "kind", "space"], generators.map(generatorRow)),
		section(
			"Metrics",
			["metric", "value"],
			Object.entries(metrics).map(([key, value]) => [key, `${value}`]),
		),
		`## Trained on\n\n\`\`\`json\n${JSON.stringify(trainedOn, null, "\t")}\n\`\`\``,
	];
	return `${sections.filter((text) => text !== "").join("\n\n")}\n`;
}

/** Every value is written as JSON, which is YAML too. */
function frontMatter(facts: Readonly<Record<string, unknown>>): string {
	return Object.entries(facts)
		.map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
		.join("\n");
}

function results({ metrics, trainedOn }: BundleManifest) {
	const profile = typeof trainedOn.profile === "string" ? trainedOn.profile : "own";
	const task = { type: "neural-architecture-search", name: "Generation of networks" };
	const dataset = { type: "archgen-labels", name: `labels and histories of the profile ${profile}` };
	const measured = Object.entries(metrics).map(([type, value]) => ({ type, value }));
	return measured.length === 0 ? [] : [{ task, dataset, metrics: measured }];
}

function usage({ name, version, generators }: BundleManifest): string {
	const python = `\n\nThe sequence generator loads in Python as well, from \`config.json\`, \`model.safetensors\` and \`tokenizer.json\`:

\`\`\`python
from transformers import AutoModelForCausalLM
AutoModelForCausalLM.from_pretrained("FOLDER")
\`\`\``;
	const isSequenceModel = generators.some(({ kind }) => kind === "gpt-neo");
	return `## Use\n\n\`\`\`sh
npx archgen models pull FOLDER --models models
npx archgen generate --models models --model ${name} --model-version ${version} --max-flop-count 450M
\`\`\`${isSequenceModel ? python : ""}`;
}

function generatorRow({ name, kind, space }: GeneratorEntry): string[] {
	return [name, kind, space];
}

function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
	if (rows.length === 0) return "";
	const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
	return `## ${title}\n\n${lines.join("\n")}`;
}
