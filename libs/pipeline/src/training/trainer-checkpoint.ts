import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { loadTensors, type NamedArray, saveTensors, type TrainerState } from "@archgen/tensor-graph";

/** A saved state with the text that was stored beside it. */
export interface Checkpoint {
	readonly state: TrainerState;
	readonly metadata: Readonly<Record<string, string>>;
}

const PARTS = ["parameters", "first", "second", "average"] as const;

/**
 * Saves a trainer's state as one safetensors file.
 *
 * @param fingerprint identifies configuration and data; the checkpoint continues only a training with the same one
 */
export async function saveCheckpoint(
	path: string,
	fingerprint: string,
	state: TrainerState,
	metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
	const tensors = new Map<string, NamedArray>();
	for (const part of PARTS) {
		for (const [name, data] of state[part] ?? [])
			tensors.set(`${part}/${name}`, { data, shape: [data.length] });
	}
	await mkdir(dirname(path), { recursive: true });
	await saveTensors(path, tensors, { ...metadata, fingerprint, step: String(state.step) });
}

/**
 * The checkpoint to continue from, or nothing where there is none.
 *
 * @throws ArchgenError FAILED_PRECONDITION `CHECKPOINT_MISMATCH` when it belongs to other settings or data
 */
export async function loadCheckpoint(path: string, fingerprint: string): Promise<Checkpoint | undefined> {
	const file = await loadTensors(path).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (file === undefined) return undefined;
	requireSame(path, file.metadata.fingerprint, fingerprint);
	const part = (prefix: string) =>
		new Map(
			[...file.tensors]
				.filter(([name]) => name.startsWith(`${prefix}/`))
				.map(([name, { data }]) => [name.slice(prefix.length + 1), data] as const),
		);
	const average = part("average");
	const state: TrainerState = {
		step: Number(file.metadata.step),
		parameters: part("parameters"),
		first: part("first"),
		second: part("second"),
		...(average.size > 0 && { average }),
	};
	return { state, metadata: file.metadata };
}

/** Refuses a checkpoint that was made under another fingerprint. */
export function requireSame(path: string, found: string | undefined, wanted: string): void {
	if (found === wanted) return;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "CHECKPOINT_MISMATCH",
		message: `${path} was saved with other settings or data; pass --restart to begin anew, or name another folder.`,
		metadata: { path },
	});
}
