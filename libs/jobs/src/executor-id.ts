import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { keptSecret } from "./embedded-files.js";

/** Name of this orchestrator among those that share a database: made up once and kept in its data folder. */
export async function executorId(folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	return keptSecret(join(folder, "executor-id"), randomUUID);
}
