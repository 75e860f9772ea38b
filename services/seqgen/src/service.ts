import type { MacroSequence } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { ServedModel } from "@archgen/models";
import { type ImplementedService, implement, seqgen } from "@archgen/rpc";
import type { GenerationTask, Generator } from "@archgen/seqgen";
import { cellToMessage, sequenceToMessage } from "@archgen/wire";
import { restateTask, taskFromMessage } from "./request.js";

/** Handlers of `SeqgenService`. */
export function seqgenService(served: ServedModel<Generator>): ImplementedService {
	return implement(seqgen.SeqgenServiceService, {
		generateSequences: async (request, { signal }) => {
			const task = taskFromMessage(request);
			const { seed, modelVersion: wanted, requestId } = request;
			return served.use(wanted, async (generator, modelVersion) => {
				const { sequences, shortfallReason } = await generate(generator, task, signal);
				return {
					sequences: sequences.map(sequenceToMessage),
					budgetCells: Object.keys(task.constraints).length === 0 ? [] : budgetCells(generator, sequences),
					shortfallReason,
					modelVersion,
					seed,
					requestId,
				};
			});
		},
	});
}

/** The cell that each cluster of the sequences was counted with. */
function budgetCells({ cells }: Generator, sequences: readonly MacroSequence[]): seqgen.BudgetCell[] {
	const used = new Set(sequences.flatMap(({ stages }) => stages.map(({ cluster }) => cluster)));
	return [...used]
		.sort((a, b) => a - b)
		.map((cluster) => ({ cluster, cell: cellToMessage(cells[cluster]!) }));
}

/** The sequences, or none and why: bounds that leave no room are an answer, not an error. */
async function generate(generator: Generator, task: GenerationTask, signal: AbortSignal) {
	try {
		return { sequences: await generator.generate(task, signal), shortfallReason: "" };
	} catch (failure) {
		if (failure instanceof ArchgenError && failure.reason === "BUDGET_BELOW_SMALLEST_NETWORK") {
			return { sequences: [], shortfallReason: failure.message };
		}
		throw restateTask(failure);
	}
}
