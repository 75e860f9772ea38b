import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import { loadCheckpoint, saveCheckpoint } from "./trainer-checkpoint.js";

const tensors = (scale: number) =>
	new Map([
		["encoder/weight", Float32Array.of(1 * scale, 2 * scale)],
		["bias", Float32Array.of(3 * scale)],
	]);
const state = { step: 7, parameters: tensors(1), first: tensors(10), second: tensors(100) };

test("a state survives saving and loading", async () => {
	const path = join(temporaryFolder(), "new", "checkpoint.safetensors");
	expect(await loadCheckpoint(path, "a")).toBeUndefined();
	await saveCheckpoint(path, "a", state, { note: "kept" });
	const checkpoint = await loadCheckpoint(path, "a");
	expect(checkpoint?.state).toEqual(state);
	expect(checkpoint?.metadata.note).toBe("kept");
	const averaged = { ...state, average: tensors(1000) };
	await saveCheckpoint(path, "a", averaged);
	expect((await loadCheckpoint(path, "a"))?.state).toEqual(averaged);
});

test("a checkpoint of other settings is refused", async () => {
	const path = join(temporaryFolder(), "checkpoint.safetensors");
	await saveCheckpoint(path, "a", state);
	await expect(loadCheckpoint(path, "b")).rejects.toMatchObject({ reason: "CHECKPOINT_MISMATCH" });
});
