import {
	type Condition,
	type MacroSequence,
	SEQUENCE_TEMPERATURE,
	type SequenceGenerator,
	type SequenceRequest,
} from "@archgen/design";
import { seqgen } from "@archgen/rpc";
import type { Cell } from "@archgen/search-space";
import {
	cellFromMessage,
	conditionToMessage,
	constraintsToMessage,
	sequenceFromMessage,
} from "@archgen/wire";
import { calling, type Upstream } from "./upstream.js";
import type { Versions } from "./versions.js";

const SERVICE = "seqgen";

/** The seqgen service as a source of macro sequences. */
export class RemoteSequences implements SequenceGenerator {
	constructor(
		private readonly upstream: Pick<Upstream, "seqgen" | "patienceMs">,
		private readonly versions: Versions,
		private readonly modelVersion: string,
	) {}

	get version(): string {
		return this.versions.of(SERVICE);
	}

	/**
	 * Sequences that can meet the constraints. When the generator sees no way to, it is asked once more without them, so that
	 * the answer can at least show what comes closest.
	 */
	async sample(request: SequenceRequest, signal?: AbortSignal): Promise<readonly MacroSequence[]> {
		const within = await this.#generate(request, signal);
		return within.length > 0 ? within : this.#generate({ ...request, constraints: {} }, signal);
	}

	async #generate(
		request: SequenceRequest & { condition: Condition },
		signal?: AbortSignal,
	): Promise<readonly MacroSequence[]> {
		const { condition, constraints, count, temperature = SEQUENCE_TEMPERATURE, seed } = request;
		const message = seqgen.GenerateSequencesRequest.fromPartial({
			condition: conditionToMessage(condition),
			constraints: constraintsToMessage(constraints),
			count,
			temperature,
			seed: BigInt(seed),
			modelVersion: this.modelVersion,
		});
		const { seqgen: client, patienceMs } = this.upstream;
		const call = () => client.generateSequences(message, { signal });
		const reply = await calling(SERVICE, call, { patienceMs, signal });
		this.versions.note(SERVICE, reply.modelVersion);
		const cells = new Map(
			reply.budgetCells.map(({ cluster, cell }, i) => [
				cluster,
				cellFromMessage(cell!, `budget_cells[${i}].cell`),
			]),
		);
		return reply.sequences.map((message) => withBudgetCells(sequenceFromMessage(message), cells));
	}
}

function withBudgetCells(sequence: MacroSequence, cells: ReadonlyMap<number, Cell>): MacroSequence {
	const stages = sequence.stages.map((stage) => {
		const budgetCell = cells.get(stage.cluster);
		return budgetCell && !stage.exemplar ? { ...stage, budgetCell } : stage;
	});
	return { ...sequence, stages };
}
