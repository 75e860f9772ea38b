import { readFileSync } from "node:fs";
import type { Network } from "@archgen/search-space";
import { strToU8, zipSync } from "fflate";
import { networkToJsonText } from "../json.js";
import { networkToPyTorch } from "../pytorch/pytorch.js";
import { networkToSvg } from "../svg/svg.js";
import { modelCard } from "./model-card.js";
import type { NetworkFacts } from "./network-facts.js";

/** The training program is a file of its own, which bench/accuracy runs too. */
const TRAINING_PROGRAM = new URL("../../project/train.py", import.meta.url);

const REQUIREMENTS = "torch>=2.2\ntorchvision>=0.17\n";

/**
 * A folder that trains the network and needs nothing of archgen: contents by file name.
 *
 * @param facts for the model card; what is missing there is left out
 */
export function networkToProject(network: Network, facts: NetworkFacts = {}): ReadonlyMap<string, string> {
	return new Map([
		["README.md", modelCard(network, facts)],
		["model.py", networkToPyTorch(network)],
		["train.py", readFileSync(TRAINING_PROGRAM, "utf8")],
		["requirements.txt", REQUIREMENTS],
		["network.json", networkToJsonText(network)],
		["network.svg", networkToSvg(network)],
	]);
}

/** The earliest time that ZIP knows: archives of the same network are the same bytes. */
const ARCHIVE_TIME = new Date(1980, 0, 1);

/** The files of {@link networkToProject} as a ZIP archive with one folder, `network`. */
export function networkToProjectArchive(network: Network, facts: NetworkFacts = {}): Uint8Array {
	const files = [...networkToProject(network, facts)].map(
		([name, text]) => [`network/${name}`, strToU8(text)] as const,
	);
	return zipSync(Object.fromEntries(files), { mtime: ARCHIVE_TIME });
}
