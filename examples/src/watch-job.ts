// Creates a search that survives restarts of the orchestrator, follows it and prints the best network's counts.
//   npx archgen serve                                  (in another terminal)
//   node examples/dist/watch-job.js 127.0.0.1:50050
import { createJob, jobSpec } from "@archgen/client";
import { createClient, goOn, orchestrator } from "@archgen/rpc";

const [address = "127.0.0.1:50050"] = process.argv.slice(2);
const jobs = createClient(orchestrator.EvolutionJobServiceService, { address });
try {
	const spec = await jobSpec({
		constraints: { maxParameterCount: 100_000 },
		input: 32,
		classes: 10,
		strategy: "hl-evo",
		objective: "tcet",
		evaluations: 12,
		population: 6,
		parallelism: 2,
		randomCells: true,
		temperature: 0.4,
		seed: 0,
		costs: [],
	});
	const { name } = await createJob(jobs, { spec, id: "", validateOnly: false, run: true });
	// The stream is opened again where a connection breaks.
	for await (const { evolutionJob } of goOn(() => jobs.watchEvolutionJob({ name }))) {
		const { evaluated = 0, best } = evolutionJob?.progress ?? {};
		console.log(`${evaluated} of ${spec.evaluationCount}, best ${best?.score.toFixed(0) ?? "none yet"}`);
	}
	await jobs.deleteEvolutionJob({ name });
} finally {
	jobs.close();
}
