import { fileURLToPath } from "node:url";
import { checkConstraints, countBounded, DEVICE_PRESETS, presetConstraints } from "@archgen/design";
import { generate, LARGEST_FIRST } from "@archgen/generation";
import { FolderModelStore } from "@archgen/models";
import { loadLocalGenerator, synonymCells } from "@archgen/pipeline";
import {
	DEFAULT_OBJECTIVE,
	expectedLogit,
	faultsOf,
	OBJECTIVES,
	SOUND_LOGIT,
	usualDepth,
} from "@archgen/proxies";
import { lowerNetwork, networkStructure } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, beforeAll, expect, test } from "vitest";

let pool: SessionPool;
let generator: Awaited<ReturnType<typeof loadLocalGenerator>>;
beforeAll(async () => {
	const models = fileURLToPath(new URL("../../../../models", import.meta.url));
	const bundle = await new FolderModelStore(models).open("default", { label: "default" });
	pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	generator = await loadLocalGenerator(bundle, pool, 1);
});
afterAll(async () => {
	await generator.close();
	await pool.close();
});

test.each(DEVICE_PRESETS)("the shipped bundle has sound networks for %s", async (preset) => {
	const constraints = presetConstraints(preset);
	const target = { size: 48, classes: 4 };
	const depth = usualDepth(OBJECTIVES[DEFAULT_OBJECTIVE].parts, target);
	const { networks, drawn } = await generate(
		{ target, constraints, depth, candidates: 16, topK: 16 },
		{
			sequences: generator.sequences,
			synonyms: synonymCells(generator.models),
			scorer: LARGEST_FIRST,
			now: () => 0,
		},
	);
	expect(networks).toHaveLength(16);
	expect(drawn).toBeLessThanOrEqual(64);
	for (const { network } of networks)
		expect(checkConstraints(countBounded(network, constraints), constraints).satisfied).toBe(true);
	// Asked for any depth it wrote 158 layers for mcu-256k and 183 for mcu-128k, 0.4 and 0.6 below.
	const logits = networks.map(({ network }) =>
		expectedLogit(faultsOf(networkStructure(lowerNetwork(network)))),
	);
	expect(Math.max(...logits)).toBeGreaterThan(SOUND_LOGIT - 0.05);
});
