import { basename } from "node:path";
import { invalidArgument } from "@archgen/errors";
import type { NetworkFacts } from "@archgen/exporters";
import { type Network, networkFromJson } from "@archgen/search-space";
import { z } from "zod";

const MARGIN = z.object({ limit: z.number(), value: z.number(), relative: z.number() });

/** The parts of `generate --json` that a model card shows. */
const ANSWER = z.object({
	networks: z.array(
		z.object({
			network: z.unknown(),
			margins: z.record(z.string(), MARGIN),
			scores: z.record(z.string(), z.number()),
		}),
	),
	provenance: z.object({
		seed: z.number(),
		objective: z.string().default(""),
		modelVersions: z.record(z.string(), z.string()),
		images: z.string(),
		batch: z.number(),
		scoringSize: z.number(),
	}),
});

/** Networks of what `generate --json` printed, best first, with margins, scores and origin. */
export function networksOfAnswer(json: unknown): { network: Network; facts: NetworkFacts }[] {
	const parsed = ANSWER.safeParse(json);
	if (!parsed.success)
		throw invalidArgument(
			"answer",
			"must be results.json of a folder that generate --out wrote, or what generate --json printed",
		);
	const { networks, provenance } = parsed.data;
	if (networks.length === 0) throw invalidArgument("answer", "holds no network");
	const { seed, objective, modelVersions, images, batch, scoringSize } = provenance;
	const common = {
		scoring: { images, "images in the minibatch": batch, "pixels a side": scoringSize, seed },
		provenance: { seed, ...(objective !== "" && { objective }), ...modelVersions },
	};
	return networks.map(({ margins, scores, ...item }) => {
		const network = networkFromJson(item.network);
		const command = generateCommand(network, margins, provenance);
		return { network, facts: { margins, scores, ...common, command } };
	});
}

/** Origin of a network that a search found. */
export function historyFacts(path: string, index: number, score: number): NetworkFacts {
	return {
		provenance: {
			search: basename(path),
			evaluation: index,
			"score in the search": Number(score.toPrecision(6)),
		},
	};
}

function generateCommand(
	network: Network,
	margins: Readonly<Record<string, { readonly limit: number }>>,
	{ seed, objective }: { readonly seed: number; readonly objective: string },
): string {
	const bounds = Object.entries(margins).map(([name, { limit }]) => `--${kebab(name)} ${limit}`);
	const ranking = objective === "" ? [] : [`--objective ${objective}`];
	return [
		`archgen generate ${purposeOptions(network).join(" ")}`,
		...bounds,
		...ranking,
		`--seed ${seed}`,
	].join(" ");
}

/** Options that ask for networks of the same purpose. */
function purposeOptions({ input, classes, task, stem, stages }: Network): string[] {
	const stride = stages.reduce((product, stage) => product * stage.stride, stem.stride as number);
	return [
		`--input ${input.size}`,
		...(input.width === undefined ? [] : [`--input-width ${input.width}`]),
		...(input.channels === 3 ? [] : [`--input-channels ${input.channels}`]),
		...(task === undefined ? [] : [`--task ${task}`]),
		...(task === "features" ? [] : [`--classes ${classes}`]),
		...(task === "dense" ? [`--output-stride ${stride}`] : []),
	];
}

function kebab(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
