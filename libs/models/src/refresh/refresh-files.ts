import { createRandom } from "@archgen/random";
import type { Exemplar, SequenceSplit } from "@archgen/seqgen";
import { exemplarsToJson } from "../bundle/exemplars.js";
import { keptExamplesToBytes } from "../bundle/kept-examples.js";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import { examplesToKeep } from "./rehearsal.js";

/** The cells that the tokens of a sequence generator name, as a file of a bundle. */
export function exemplarFile(exemplars: readonly Exemplar[]) {
	const text = `${JSON.stringify(exemplarsToJson(exemplars))}\n`;
	return { path: BUNDLE_LAYOUT.exemplars, bytes: new TextEncoder().encode(text) };
}

/** The part of what a sequence generator learned from that refreshes rehearse, as a file of a bundle. */
export function exampleFile(split: SequenceSplit, seed: number) {
	const kept = examplesToKeep(split, createRandom(seed).fork("kept"));
	return { path: BUNDLE_LAYOUT.examples, bytes: keptExamplesToBytes(kept) };
}
