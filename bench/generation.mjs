// Time to generate networks over gRPC through all five services:
//   node bench/generation.mjs [--candidates 100] [--runs 3] [--clients 4] [--requests 25] [--each 1]      (--runs 0: clients only)
// First batches, scored as a request is: milliseconds a network before scoring, bound 50. Then clients side by side, each with one
// request after the other for `--each` networks without scores: median and 99th percentile of a request's time for each network, bound 150 ms.
import { parseArgs } from "node:util";
import { createClient, orchestrator } from "@archgen/rpc";
import { withServices } from "./own-services.mjs";

const { values: options } = parseArgs({
	options: {
		candidates: { type: "string", default: "100" },
		runs: { type: "string", default: "3" },
		clients: { type: "string", default: "4" },
		requests: { type: "string", default: "25" },
		each: { type: "string", default: "1" },
	},
});
const spec = { constraints: { maxFlopCount: 450e6 }, inputSize: 224, classCount: 1000, topK: 1 };
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.ceil(share * values.length) - 1];

await withServices(async (address) => {
	if (Number(options.runs) > 0) await batches(address);
	await sideBySide(address);
});

function connect(address) {
	return createClient(orchestrator.OrchestratorServiceService, { address });
}

function ask(client, more) {
	const request = { spec: { ...spec, ...more } };
	return client.generateNetworksUnary(orchestrator.GenerateNetworksUnaryRequest.fromPartial(request));
}

/** As a request is answered: all candidates scored at the end. */
async function batches(address) {
	const client = connect(address);
	const milliseconds = [];
	for (let seed = 0; seed < Number(options.runs); seed++) {
		const { result } = await ask(client, { candidates: Number(options.candidates), seed: BigInt(seed) });
		const seconds = new Map(result.timings.map(({ step, elapsedSeconds }) => [step, elapsedSeconds]));
		const scoring = seconds.get(orchestrator.GenerationStep.GENERATION_STEP_SCORING);
		const generation = [...seconds.values()].reduce((a, b) => a + b) - scoring;
		milliseconds.push((1000 * generation) / result.feasibleCount);
		console.log(
			`seed ${seed}: ${result.feasibleCount} networks, ${milliseconds.at(-1).toFixed(0)} ms each to generate, ${scoring.toFixed(1)} s to score`,
		);
	}
	client.close();
	console.log(`median ${quantile(milliseconds, 0.5).toFixed(0)} ms a network (bound 50 ms)`);
}

/** Clients that ask at the same time, each for a few networks at once. */
async function sideBySide(address) {
	const each = Number(options.each);
	const milliseconds = [];
	const work = async (_, index) => {
		const client = connect(address);
		for (let i = -1; i < Number(options.requests); i++) {
			const began = performance.now();
			await ask(client, {
				candidates: each,
				topK: each,
				skipScoring: true,
				seed: BigInt(1000 * index + i + 1),
			});
			if (i >= 0) milliseconds.push((performance.now() - began) / each); // the first one connects
		}
		client.close();
	};
	await Promise.all(Array.from({ length: Number(options.clients) }, work));
	const [median, p99] = [0.5, 0.99].map((share) => quantile(milliseconds, share).toFixed(0));
	console.log(
		`${options.clients} clients, ${milliseconds.length} requests for ${each}: median ${median} ms a network, p99 ${p99} ms (bound 150 ms)`,
	);
}
