import { createHash } from "node:crypto";
import { recordToLine } from "@archgen/evolution";
import type { SequenceTrainingConfig } from "@archgen/seqgen";
import type { ExampleRequest } from "./examples.js";

/** A new version of a bundle whose sequence generator is trained on histories; all else is that of the base version. */
export interface RefreshRequest extends ExampleRequest {
	/** Name of the bundle. */
	readonly model: string;
	/** Version to start from, the one labelled `default` unless given: its clusters are those of the histories. */
	readonly base?: string;
	/** The new version. */
	readonly version: string;
	/** Training, where it differs from the default; the size is that of the base, or of the pretrained model. */
	readonly training?: Partial<Omit<SequenceTrainingConfig, "vocabulary" | "model">>;
	/** Local Hugging Face folder of a GPT-Neo to fine-tune. Its vocabulary is extended by ours. */
	readonly pretrained?: string;
	/**
	 * Random weights instead of those of the base, and none of the examples that it keeps; with `exemplars`, whose tokens mean other cells, and
	 * with `pretrained` that is so anyway.
	 */
	readonly anew?: boolean;
}

/** What decides a refreshed generator, wherever it is written to. */
type RefreshTerms = Omit<RefreshRequest, "model" | "version">;

/** Whether training goes on from the weights of the base: its tokens must mean what they meant. */
export function startsFromBase({ exemplars, pretrained, anew }: RefreshTerms): boolean {
	return exemplars === undefined && pretrained === undefined && !anew;
}

/** SHA-256 of all that decides a refreshed generator, as its manifest has it. */
export function refreshIdentity(
	request: RefreshTerms,
	config: SequenceTrainingConfig,
	base: string,
	pretrained: ReadonlyMap<string, Float32Array> = new Map(),
): string {
	const { histories, keep, exemplars, rescale, pretrained: folder } = request;
	const hash = createHash("sha256");
	const choice = exemplars === undefined && rescale === undefined ? [] : [exemplars, rescale];
	const start = startsFromBase(request) ? ["base"] : [];
	hash.update(JSON.stringify([config, keep, folder, base, ...choice, ...start]));
	for (const [name, values] of pretrained) hash.update(name).update(bytesOf(values));
	for (const { records } of histories) for (const record of records) hash.update(recordToLine(record));
	return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
	return new Uint8Array(buffer, byteOffset, byteLength);
}
