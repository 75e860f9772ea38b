import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { parseJsonFile, writeWhole } from "@archgen/files";

/** Steps of a training in the order they build on each other. */
export const STAGES = ["mixture", "gvae", "ccnf", "histories", "seqgen"] as const;
export type Stage = (typeof STAGES)[number];

/** What a finished step says about itself; goes into the bundle's manifest. */
export interface StageReport {
	readonly stage: Stage;
	/** The part of the profile that it followed, as JSON. */
	readonly config: unknown;
	/** What it stood on: digests of the files it read, by name. */
	readonly inputs: Readonly<Record<string, string>>;
	/** Measured quality by name. */
	readonly metrics: Readonly<Record<string, number>>;
	/** Wall-clock time of the last uninterrupted part. */
	readonly seconds: number;
}

/** The folder that a training works in. Every file appears whole or not at all. */
export class Workspace {
	constructor(readonly root: string) {}

	path(...segments: readonly string[]): string {
		return join(this.root, ...segments);
	}

	/** Writes a file, creating folders as needed. */
	async write(segments: readonly string[], content: string | Uint8Array): Promise<void> {
		const path = this.path(...segments);
		await mkdir(dirname(path), { recursive: true });
		await writeWhole(path, typeof content === "string" ? content : Buffer.from(content));
	}

	async writeJson(segments: readonly string[], document: unknown): Promise<void> {
		await this.write(segments, `${JSON.stringify(document, null, "\t")}\n`);
	}

	/** Reads what an earlier step wrote; FAILED_PRECONDITION `STAGE_MISSING` says which step to run. */
	async read(stage: Stage, ...segments: readonly string[]): Promise<Uint8Array> {
		return readFile(this.path(...segments)).catch((cause: unknown) => {
			throw this.#missing(stage, this.path(...segments), cause);
		});
	}

	async readJson(stage: Stage, ...segments: readonly string[]): Promise<unknown> {
		return parseJsonFile(await this.read(stage, ...segments), this.path(...segments));
	}

	async readReport(stage: Stage): Promise<StageReport> {
		return (await this.readJson(stage, stage, "report.json")) as StageReport;
	}

	async writeReport(report: StageReport): Promise<void> {
		await this.writeJson([report.stage, "report.json"], report);
	}

	#missing(stage: Stage, path: string, cause: unknown): ArchgenError {
		return new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "STAGE_MISSING",
			message: `${path} is missing; run "archgen train ${stage} --work ${this.root}" first.`,
			metadata: { stage, path },
			cause,
		});
	}
}

/** SHA-256 of what decides a step's result, in hexadecimal. */
export function fingerprint(...parts: readonly unknown[]): string {
	const hash = createHash("sha256");
	for (const part of parts)
		hash.update(part instanceof Uint8Array ? part : JSON.stringify(part)).update("\0");
	return hash.digest("hex");
}
