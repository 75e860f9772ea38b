import { throwIfAborted } from "@archgen/errors";
import {
	type JobSpec,
	type Jobs,
	MAX_SUMMARY_POINTS,
	type NewJob,
	type TrainingRequest,
} from "@archgen/jobs";
import { type ImplementedService, implement, orchestrator } from "@archgen/rpc";
import { firstOfSize, PAGE_BYTES, PIECE_BYTES, requireWhole } from "@archgen/wire";
import { evaluationNotFound, parseEvaluationName, summaryToMessage } from "./history-message.js";
import { evaluationToMessage, jobIdOf, jobToMessage, requireJobId } from "./job-message.js";
import { viewToMessage } from "./job-view.js";
import { operationOf } from "./operation.js";
import { trainingFromMessage, trainingToOperation } from "./training-message.js";

const { EvolutionJob } = orchestrator;
const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;
const DEFAULT_RECORDS = 100;
const MOST_RECORDS = 1000;
const DEFAULT_POINTS = 2000;
/** Lines that an export reads at once. */
const EXPORT_LINES = 250;

/** Reads and checks the spec of a new job. */
export type ReadSpec = (message: orchestrator.EvolutionJobSpec | undefined) => Promise<NewJob>;

/** Handlers of `EvolutionJobService`. */
export function evolutionJobService(
	jobs: Jobs,
	readSpec: ReadSpec,
	requireTrainable: (request: TrainingRequest) => Promise<void>,
): ImplementedService {
	return implement(
		orchestrator.EvolutionJobServiceService,
		{
			createEvolutionJob: async ({ evolutionJob, evolutionJobId, validateOnly, requestId }) => {
				const id = evolutionJobId === "" ? "" : requireJobId(evolutionJobId);
				const job = await readSpec(evolutionJob?.spec);
				return {
					evolutionJob: validateOnly
						? proposed(job.spec)
						: viewToMessage(await jobs.create(id, job, requestId)),
				};
			},
			runEvolutionJob: async ({ name }) => operationOf(await jobs.run(jobIdOf(name))),
			resumeEvolutionJob: async ({ name }) => operationOf(await jobs.resume(jobIdOf(name))),
			getEvolutionJob: async ({ name }) => ({ evolutionJob: viewToMessage(await jobs.get(jobIdOf(name))) }),
			listEvolutionJobs: async ({ pageSize, pageToken }) => {
				const size = requireWhole("page_size", pageSize || DEFAULT_PAGE, 1, LARGEST_PAGE);
				const { items, next } = await jobs.list(size, pageToken);
				const all = items.map(viewToMessage);
				const evolutionJobs = firstOfSize(all, PAGE_BYTES, (job) => EvolutionJob.encode(job).finish().length);
				const following = evolutionJobs.length < items.length ? items[evolutionJobs.length] : next;
				return { evolutionJobs, nextPageToken: following?.job.number ?? "" };
			},
			watchEvolutionJob: async function* ({ name }, { signal }) {
				for await (const view of jobs.watch(jobIdOf(name), signal))
					yield { evolutionJob: viewToMessage(view) };
			},
			cancelEvolutionJob: async ({ name }) => ({
				evolutionJob: viewToMessage(await jobs.cancel(jobIdOf(name))),
			}),
			deleteEvolutionJob: async ({ name }) => {
				await jobs.delete(jobIdOf(name));
				return {};
			},
			listEvaluations: (request) => listEvaluations(jobs, request),
			getEvaluation: async ({ name }) => {
				const { id, index } = parseEvaluationName(name);
				const [line] = await jobs.records(id, index, 1);
				if (line === undefined) throw evaluationNotFound(name);
				return { evaluation: evaluationToMessage(id, line) };
			},
			summarizeHistory: async ({ name, maxPoints }) => {
				const points = requireWhole("max_points", maxPoints || DEFAULT_POINTS, 1, MAX_SUMMARY_POINTS);
				return summaryToMessage(await jobs.summary(jobIdOf(name), points));
			},
			trainSequenceGenerator: async (message) => {
				const request = trainingFromMessage(message);
				await requireTrainable(request);
				return trainingToOperation(await jobs.train(request), undefined);
			},
			exportHistory: async function* ({ name, startLine }, { signal, mark }) {
				const id = jobIdOf(name);
				for (let position = startLine; ; ) {
					throwIfAborted(signal);
					const lines = await jobs.records(id, position, EXPORT_LINES);
					const piece = firstOfSize(lines, PIECE_BYTES, (line) => Buffer.byteLength(line) + 1);
					position += piece.length;
					mark(String(position));
					if (piece.length > 0) yield { lines: `${piece.join("\n")}\n`, nextLine: position };
					if (lines.length < EXPORT_LINES && piece.length === lines.length) return;
				}
			},
		},
		{ waiting: ["watchEvolutionJob"] },
	);
}

async function listEvaluations(
	jobs: Jobs,
	{ parent, pageSize, pageToken }: orchestrator.ListEvaluationsRequest,
): Promise<orchestrator.ListEvaluationsResponse> {
	const id = jobIdOf(parent, "parent");
	const size = requireWhole("page_size", pageSize || DEFAULT_RECORDS, 1, MOST_RECORDS);
	const start = requireWhole("page_token", Number(pageToken || 0), 0, 2 ** 31 - 1);
	const lines = await jobs.records(id, start, size + 1);
	const all = lines.slice(0, size).map((line) => evaluationToMessage(id, line));
	const evaluations = firstOfSize(
		all,
		PAGE_BYTES,
		(evaluation) => orchestrator.Evaluation.encode(evaluation).finish().length,
	);
	return {
		evaluations,
		nextPageToken: lines.length > evaluations.length ? String(start + evaluations.length) : "",
	};
}

/** What a job of this spec would be. */
function proposed(spec: JobSpec): orchestrator.EvolutionJob {
	const job = {
		id: "",
		number: "",
		spec,
		state: "CREATED",
		createTime: new Date(0),
		startTime: null,
		endTime: null,
		runCount: 0,
		problem: null,
		progress: null,
		model: null,
		executor: "",
	} as const;
	return { ...jobToMessage(job), name: "", createTime: undefined };
}
