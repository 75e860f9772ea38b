// Scores a network of your own by three zero-cost proxies, in a process beside this one.
//   node examples/dist/score-network.js network.json
import { seededBatch } from "@archgen/datasets";
import { readNamedJson } from "@archgen/files";
import { ScoringPool } from "@archgen/proxies";
import { networkFromJson } from "@archgen/search-space";

const SEED = 0;
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the JSON file of a network.");
const network = networkFromJson(await readNamedJson("network", file));
const { input, classes } = network;
const batch = seededBatch(SEED, { batch: 16, size: input.size, classes });
const pool = ScoringPool.create({ workers: 1, threadsPerWorker: 1 });
try {
	const request = { network, batch, seed: SEED, proxies: ["tcet", "naswot", "snip_ssnr"] } as const;
	const { values, counts } = await pool.score(request);
	console.log(`${counts.parameterCount} parameters, ${counts.macCount} MACs`);
	for (const [name, result] of Object.entries(values))
		console.log(name, result.ok ? result.value : `none: ${result.message}`);
} finally {
	await pool.close();
}
