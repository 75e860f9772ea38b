import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseJsonFile, writeWhole } from "@archgen/files";
import {
	loadSequenceCheckpoint,
	type SequenceCheckpoint,
	saveSequenceCheckpoint,
	trainSequenceGenerator,
} from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import type { RefreshPlan } from "./refresh-plan.js";

export interface RefreshHooks {
	/** Folder for checkpoints: another call with the same request goes on from there. */
	readonly folder: string;
	readonly signal?: AbortSignal;
	readonly onProgress?: (step: number, total: number, metrics: Readonly<Record<string, number>>) => void;
}

/** Trains as planned, or goes on from the checkpoint of an earlier call. */
export async function trainRefresh(
	pool: SessionPool,
	{ config, split, identity, pretrained }: RefreshPlan,
	{ folder, signal, onProgress }: RefreshHooks,
) {
	await mkdir(folder, { recursive: true });
	const checkpoint = join(folder, "checkpoint.safetensors");
	const mark = join(folder, "checkpoint.json");
	const resume = await readCheckpoint(checkpoint, mark, identity);
	// Written first: a checkpoint without it would belong to nobody.
	if (resume === undefined) await writeWhole(mark, JSON.stringify({ identity }));
	return trainSequenceGenerator(pool, split, config, {
		signal,
		onProgress,
		checkpoint: (state) => saveSequenceCheckpoint(checkpoint, state),
		...(resume && { resume }),
		...(pretrained !== undefined && { pretrained }),
	});
}

/** The checkpoint of the same request; one of another request is thrown away. */
async function readCheckpoint(
	path: string,
	mark: string,
	identity: string,
): Promise<SequenceCheckpoint | undefined> {
	const text = await readFile(mark, "utf8").catch(() => "{}");
	if ((parseJsonFile(text, mark) as { identity?: string } | null)?.identity !== identity) {
		await rm(path, { force: true });
		return undefined;
	}
	return loadSequenceCheckpoint(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
}
