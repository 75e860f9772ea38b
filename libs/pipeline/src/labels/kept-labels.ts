import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** From this file to the folder `data`: in the repository, and in the installed package, whose parts are in node_modules. */
const PLACES = ["../../../../data/labels.jsonl.gz", "../../../../../data/labels.jsonl.gz"].map((place) =>
	fileURLToPath(new URL(place, import.meta.url)),
);

/** The labels that come with archgen; see data/README.md. */
export const KEPT_LABELS = PLACES.find((place) => existsSync(place)) ?? PLACES[0]!;
