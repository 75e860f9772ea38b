import { readFileSync } from "node:fs";
import type { Network } from "@archgen/search-space";
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
