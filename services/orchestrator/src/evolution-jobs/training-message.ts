import { ArchgenError, invalidArgument } from "@archgen/errors";
import { type Training, type TrainingRequest, trainingOperation } from "@archgen/jobs";
import { errorToStatusMessage, type longrunning, orchestrator } from "@archgen/rpc";
import { requireBatch, requirePositive, requireWhole, seedNumber } from "@archgen/wire";
import { jobIdOf } from "./job-message.js";

const PACKAGE = "type.googleapis.com/archgen.orchestrator.v1";
const MOST_JOBS = 100;

/** @throws INVALID_ARGUMENT naming the field */
export function trainingFromMessage(message: orchestrator.TrainSequenceGeneratorRequest): TrainingRequest {
	requireBatch("evolution_jobs", message.evolutionJobs.length, MOST_JOBS);
	const drop = message.dropProbability ?? 0.5;
	return {
		jobs: message.evolutionJobs.map((name, i) => jobIdOf(name, `evolution_jobs[${i}]`)),
		version: message.version,
		base: message.baseVersion,
		steps: requireWhole("step_count", message.stepCount ?? 1000, 1, 1_000_000),
		seed: seedNumber(message.seed),
		keep: requirePositive("keep", message.keep ?? 0.5, 1),
		dropProbability: drop === 0 ? 0 : requirePositive("drop_probability", drop, 1),
		...(message.pretrained !== "" && { pretrained: folderName(message.pretrained) }),
		anew: message.anew,
	};
}

/** A name that leads nowhere else. */
function folderName(name: string): string {
	if (/^[A-Za-z0-9][\w.-]{0,99}$/.test(name)) return name;
	throw invalidArgument(
		"pretrained",
		"must be the name of a folder: letters, digits, dot, dash, underscore.",
	);
}

/** A training as an operation. @param model the new version, once there is one */
export function trainingToOperation(
	{ id, request, state, createTime, progress, problem }: Training,
	model: orchestrator.Model | undefined,
): longrunning.Operation {
	const metadata = orchestrator.TrainSequenceGeneratorMetadata.fromPartial({
		step: progress?.step ?? 0,
		stepCount: request.steps,
		validationLoss: progress?.validationLoss ?? undefined,
		createTime,
	});
	const base = {
		name: trainingOperation(id),
		metadata: {
			typeUrl: `${PACKAGE}.TrainSequenceGeneratorMetadata`,
			value: Buffer.from(orchestrator.TrainSequenceGeneratorMetadata.encode(metadata).finish()),
		},
	};
	if (state === "RUNNING") return { ...base, done: false, result: undefined };
	if (state === "SUCCEEDED" && model !== undefined) {
		const value = Buffer.from(orchestrator.Model.encode(model).finish());
		return {
			...base,
			done: true,
			result: { $case: "response", value: { typeUrl: `${PACKAGE}.Model`, value } },
		};
	}
	const category = state === "CANCELLED" ? "CANCELLED" : "FAILED_PRECONDITION";
	const { reason, message } = problem ?? { reason: state, message: "The training did not finish." };
	const error = errorToStatusMessage(new ArchgenError({ category, reason, message }));
	return { ...base, done: true, result: { $case: "error", value: error } };
}
