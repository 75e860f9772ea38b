import { fileURLToPath } from "node:url";
import { FolderModelStore } from "@archgen/models";
import { refreshIdentity } from "@archgen/models/refresh";
import type { SequenceTrainingConfig } from "@archgen/seqgen";
import { expect, test } from "vitest";
import { readHistory } from "../search/history-file.js";

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

interface Refresh {
	readonly identity: string;
	readonly base: string;
	readonly histories: readonly { readonly name: string; readonly records: number }[];
	readonly keep: number;
	readonly exemplars: number;
	readonly rescale: number;
	readonly config: SequenceTrainingConfig;
}

test("the sequence generator of the shipped bundle was trained on the kept histories", async () => {
	const { manifest } = await new FolderModelStore(root("models")).open("default", { label: "default" });
	const { refresh } = manifest.trainedOn as unknown as { refresh: Refresh };
	const histories = [];
	for (const { name, records: count } of refresh.histories) {
		const records = await readHistory(root(`data/histories/${name}`));
		expect(records).toHaveLength(count);
		expect(new Set(records.map(({ hash }) => hash)).size).toBe(count);
		histories.push({ name, records });
	}
	expect(refreshIdentity({ ...refresh, histories }, refresh.config, refresh.base)).toBe(refresh.identity);
});
