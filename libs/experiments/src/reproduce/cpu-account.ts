import { readFile } from "node:fs/promises";
import type { Workspace } from "@archgen/pipeline";

/** Processor time that something has taken, kept in a file of a workspace over interruptions. */
export class CpuAccount {
	readonly #file: string;

	constructor(
		private readonly work: Workspace,
		name: string,
	) {
		this.#file = `${name}.cpu.json`;
	}

	async seconds(): Promise<number> {
		const text = await readFile(this.work.path(this.#file), "utf8").catch(() => '{"seconds":0}');
		return (JSON.parse(text) as { seconds: number }).seconds;
	}

	/** For what goes on where it was interrupted. */
	async add(seconds: number): Promise<void> {
		await this.set((await this.seconds()) + seconds);
	}

	/** For what begins anew each time. */
	async set(seconds: number): Promise<void> {
		await this.work.writeJson([this.#file], { seconds });
	}
}
