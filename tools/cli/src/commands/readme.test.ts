import { fileURLToPath } from "node:url";
import { startGroup } from "@archgen/client";
import { createClient, orchestrator } from "@archgen/rpc";
import { countsFromMessage } from "@archgen/wire";
import { expect, onTestFinished, test } from "vitest";
import { programOf } from "../services/programs.js";

const MODELS = fileURLToPath(new URL("../../../../models", import.meta.url));

/** The README's rows: parameters and MACs in thousands, to as many digits, layers. */
const ROWS = [
	[6500, 217_100, 60],
	[2700, 213_000, 60],
	[3000, 213_800, 61],
	[3600, 218_300, 63],
	[3100, 216_000, 60],
];

test("bundle 7 gives the networks of the README's demo", async () => {
	const group = await startGroup({
		programOf,
		models: MODELS,
		model: "default",
		freePorts: true,
		logLevel: "error",
		workers: 1,
	});
	onTestFinished(() => group.stop());
	const client = createClient(orchestrator.OrchestratorServiceService, {
		address: group.addresses.orchestrator,
	});
	onTestFinished(() => client.close());
	const spec = {
		constraints: { maxFlopCount: 450_000_000n },
		inputSize: 224,
		classCount: 1000,
		candidates: 100,
		topK: 100,
		skipScoring: true,
		modelVersion: "7",
	};
	const { result } = await client.generateNetworksUnary(
		orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec }),
	);
	const counts = result!.networks.map((network) => countsFromMessage(network.counts!));
	expect(counts).toHaveLength(100);
	const short = counts.map(({ parameterCount, macCount, layerCount }) => [
		100 * Math.round(parameterCount / 1e5),
		Math.round(macCount / 1e5) * 100,
		layerCount,
	]);
	expect(short).toEqual(expect.arrayContaining(ROWS));
}, 300_000);
