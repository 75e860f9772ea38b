// Asks an orchestrator for networks under a budget and prints their counts.
//   npx archgen serve                                  (in another terminal)
//   node examples/dist/generate.js 127.0.0.1:50050
import { createClient, orchestrator } from "@archgen/rpc";
import { countsFromMessage } from "@archgen/wire";

const [address = "127.0.0.1:50050"] = process.argv.slice(2);
const client = createClient(orchestrator.OrchestratorServiceService, { address });
try {
	const { result } = await client.generateNetworksUnary(
		orchestrator.GenerateNetworksUnaryRequest.fromPartial({
			spec: {
				constraints: { maxMacCount: 30_000_000n },
				inputSize: 32,
				classCount: 10,
				candidates: 10,
				topK: 3,
				seed: 0n,
			},
		}),
	);
	for (const { counts, scores } of result!.networks) {
		const { parameterCount, macCount } = countsFromMessage(counts!);
		console.log(
			`${parameterCount} parameters, ${macCount} MACs, expected accuracy ${scores.expected_accuracy?.toFixed(3)}`,
		);
	}
} finally {
	client.close();
}
