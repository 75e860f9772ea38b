import { ArchgenError } from "@archgen/errors";
import type { Progress, RunContext } from "@archgen/pipeline";
import { type ClientConfig, createClient, longrunning, orchestrator } from "@archgen/rpc";

/** Time that the orchestrator is asked to wait for the end before it tells how far the training is. */
const LOOK_SECONDS = 1n;

/**
 * Looks at a training of the sequence generator until it is done.
 *
 * @param name of the operation
 * @returns the new version
 * @throws ArchgenError FAILED_PRECONDITION `TRAINING_FAILED`
 */
export async function followTraining(
	context: RunContext,
	connection: ClientConfig,
	name: string,
): Promise<orchestrator.Model> {
	const { signal } = context;
	const operations = createClient(longrunning.OperationsService, connection);
	let progress: Progress | undefined;
	try {
		for (;;) {
			const timeout = { seconds: LOOK_SECONDS, nanos: 0 };
			const { done, result, metadata } = await operations.waitOperation({ name, timeout }, { signal });
			const { step, stepCount, validationLoss } = orchestrator.TrainSequenceGeneratorMetadata.decode(
				metadata!.value,
			);
			progress ??= context.startProgress({ title: name, total: stepCount, start: step });
			progress.update(step, validationLoss === undefined ? "" : `loss ${validationLoss.toPrecision(4)}`);
			if (result?.$case === "error") throw failed(name, result.value.message);
			if (done && result) return orchestrator.Model.decode(result.value.value);
		}
	} finally {
		progress?.stop();
		operations.close();
	}
}

function failed(name: string, message: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "TRAINING_FAILED",
		message: `${name}: ${message}`,
	});
}
