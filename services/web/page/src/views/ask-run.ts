import { signal } from "@preact/signals";
import { type CallError, type CallOptions, call, problemOf, stream } from "../api/client.js";
import type { EvolutionJob, GenerationProgress, GenerationResult, GenerationSpec } from "../api/types.js";
import { go, keepAnswer, latencyTable } from "../state.js";
import { FIRST_FORM, type Form } from "./ask-form.js";
import { jobSpecOf, specOf } from "./ask-request.js";

/** What is in the form now. */
export const form = signal<Form>(FIRST_FORM);

/** A request that is under way or has failed. */
export interface Run {
	readonly running: boolean;
	/** Latest progress of each step, in order. */
	readonly steps: readonly GenerationProgress[];
	readonly error?: CallError | undefined;
	readonly cancelled?: boolean;
}

/** The request of this page; undefined before the first. */
export const run = signal<Run | undefined>(undefined);
let controller = new AbortController();

/** Gives the request up. */
export function cancel(): void {
	controller.abort();
}

/** Sends the request; its answer opens when it is there. */
export async function ask(filled: Form): Promise<void> {
	controller = new AbortController();
	run.value = { running: true, steps: [] };
	try {
		if (filled.effort === "search") await createJob(filled);
		else await generate(filled);
		run.value = undefined;
	} catch (failure) {
		const error = problemOf(failure);
		run.value = { running: false, steps: run.value?.steps ?? [], error, cancelled: error === undefined };
	}
}

interface Message {
	readonly progress?: GenerationProgress;
	readonly result?: GenerationResult;
	readonly resumeToken?: string;
}

const MOST_FAILURES = 5;
const RETRY_MS = 1000;

async function generate(filled: Form): Promise<void> {
	const spec = specOf(filled, latencyTable.value);
	const seconds = Number(filled.deadline);
	const options = {
		signal: controller.signal,
		...(seconds > 0 && filled.effort !== "refine" ? { timeoutMs: Math.round(1000 * seconds) } : {}),
	};
	for await (const { progress, result } of messagesOf(spec, options)) {
		if (progress) run.value = { running: true, steps: withStep(run.value!.steps, progress) };
		if (result) {
			const id = Date.now().toString(36);
			// The table stays where it is: answers are kept many times over.
			const { latencyTable: _, ...kept } = spec;
			keepAnswer({ id, time: Date.now(), spec: kept, result });
			go(`answers/${id}`);
		}
	}
}

/** Messages of a generation. A stream that breaks off is gone on with where it was left, a few times in a row. */
async function* messagesOf(
	spec: GenerationSpec,
	options: CallOptions,
): AsyncGenerator<Message, void, undefined> {
	let resumeToken = "";
	for (let failures = 0; ; failures += 1) {
		try {
			for await (const message of stream<Message>(
				"orchestrator",
				"GenerateNetworks",
				{ spec, resumeToken },
				options,
			)) {
				resumeToken = message.resumeToken ?? resumeToken;
				failures = 0;
				yield message;
			}
			return;
		} catch (failure) {
			const problem = problemOf(failure)?.problem;
			if (problem?.title !== "UNAVAILABLE" || resumeToken === "" || failures >= MOST_FAILURES) throw failure;
			resumeToken = problem.metadata?.position || resumeToken;
			await new Promise((resolve) => setTimeout(resolve, problem.retryAfterMs ?? RETRY_MS));
		}
	}
}

function withStep(steps: readonly GenerationProgress[], latest: GenerationProgress): GenerationProgress[] {
	return [...steps.filter(({ step }) => step !== latest.step), latest];
}

async function createJob(filled: Form): Promise<void> {
	const { evolutionJob } = await call<{ evolutionJob: EvolutionJob }>(
		"jobs",
		"CreateEvolutionJob",
		{ evolutionJob: { spec: jobSpecOf(filled, latencyTable.value) } },
		{ signal: controller.signal },
	);
	await call("jobs", "RunEvolutionJob", { name: evolutionJob.name });
	go(`jobs/${evolutionJob.name.split("/")[1]}`);
}

/** Seconds left of the step that is running, as the orchestrator estimates them, else judged by its own speed; undefined when nothing is known of it. */
export function secondsLeft(steps: readonly GenerationProgress[]): number | undefined {
	const last = steps.at(-1);
	if (last?.remainingSeconds !== undefined) return last.remainingSeconds;
	if (!last || last.done === 0 || last.total === 0) return undefined;
	const began = steps.at(-2)?.elapsedSeconds ?? 0;
	return ((last.elapsedSeconds - began) / last.done) * (last.total - last.done);
}
