import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The labels that come with archgen; see data/README.md. */
export const KEPT_LABELS = keptFile("labels.jsonl.gz");

/** Architectures that the paper's authors released, with their counts and T-CET; see data/README.md. */
export const RELEASED_ARCHITECTURES = keptFile("graphnet/released-architectures.json");

/** A file of the folder `data`: in the repository, or in the installed package, whose parts are in node_modules. */
function keptFile(name: string): string {
	const places = [`../../../../data/${name}`, `../../../../../data/${name}`].map((place) =>
		fileURLToPath(new URL(place, import.meta.url)),
	);
	return places.find((place) => existsSync(place)) ?? places[0]!;
}
