import { RANDOM_CELLS } from "@archgen/design";
import { type EvolutionRecord, recordToLine, runEvolution } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { type JobBench, type JobProcess, runJob, SPEC } from "./job-bench.js";

/** A search of twelve evaluations over random cells that pretend to come from so many clusters. */
export async function shortHistory(clusters: number, seed: number): Promise<readonly EvolutionRecord[]> {
	const random = createRandom(seed).fork("scores");
	const options = {
		target: { size: 32, classes: 10 },
		constraints: { maxParameterCount: 200_000 },
		clusters,
		evaluations: 12,
		seed,
	};
	const scorer = { score: async () => ({ ok: true, parts: [random.uniform()] }) as const };
	return (await runEvolution(options, { cells: RANDOM_CELLS, scorer })).history;
}

/** A finished job that has come to these records. */
export async function jobWithHistory(
	bench: JobBench,
	service: JobProcess,
	id: string,
	records: readonly EvolutionRecord[],
): Promise<void> {
	await runJob(service, id, { ...SPEC, evaluationCount: 1 });
	await service.ended(id);
	const rows = records.map((record) => {
		const { proposal, hash, index } = record;
		return `('${id}', ${proposal}, '${hash}', '', '{}', ${index}, '${recordToLine(record)}')`;
	});
	await bench.sql(`DELETE FROM archgen.evaluations WHERE job = '${id}';
		INSERT INTO archgen.evaluations (job, proposal, hash, launch, dropped, position, record)
		VALUES ${rows.join(", ")}`);
}
