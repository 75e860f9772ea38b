import type { MacroSequence } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { ServedModel } from "@archgen/models";
import { type ImplementedService, implement, inSpan, seqgen } from "@archgen/rpc";
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
				const { sequences, shortfallReason } = await inSpan("draw sequences", () =>
					generate(generator, task, signal),
				);
				return {
					sequences: sequences.map(sequenceToMessage),
					budgetCells: budgetCells(sequences),
					shortfallReason,
					modelVersion,
					seed,
					requestId,
				};
			});
		},
	});
}

/** The cell that each cluster of stages without an exemplar was counted with. */
function budgetCells(sequences: readonly MacroSequence[]): seqgen.BudgetCell[] {
	const stages = sequences.flatMap(({ stages }) => stages);
	const known = new Map(stages.map(({ cluster, budgetCell }) => [cluster, budgetCell]));
	return [...known]
		.sort(([a], [b]) => a - b)
		.flatMap(([cluster, cell]) => (cell ? [{ cluster, cell: cellToMessage(cell) }] : []));
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
