import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import { createClient, goOn, orchestrator, type RpcClient } from "@archgen/rpc";

const SEEDS = [1n, 2n, 3n];
const REQUEST = { inputSize: 32, classCount: 10, candidates: 4, topK: 2 };
const JOB = {
	inputSize: 32,
	classCount: 10,
	constraints: { maxParameterCount: 100_000n },
	cells: orchestrator.CellOrigin.CELL_ORIGIN_RANDOM,
	evaluationCount: 24,
	populationSize: 8,
	parallelism: 1,
	seed: 7n,
};
const DEADLINE_MS = 30_000;
const PASSING: readonly string[] = ["UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"];

/** The answers of an undisturbed run. */
export interface Expected {
	/** By seed. */
	readonly answers: ReadonlyMap<bigint, string>;
	/** Lines of the history of a job. */
	readonly history: readonly string[];
}

/** What callers saw. */
export interface Seen {
	/** Requests for networks that were answered. */
	answers: number;
	/** Jobs that ran to their end, and their evaluations. */
	jobs: number;
	evaluations: number;
	/** Failures that a caller may repeat, by reason. */
	readonly passing: Record<string, number>;
	/** What must not happen: other answers, histories that differ, failures that do not pass. */
	readonly wrong: string[];
}

/** What callers do: ask for networks and run jobs, and go on after failures that pass. */
export class Load {
	readonly seen: Seen = { answers: 0, jobs: 0, evaluations: 0, passing: {}, wrong: [] };
	readonly #networks: RpcClient<typeof orchestrator.OrchestratorServiceService>;
	readonly #jobs: RpcClient<typeof orchestrator.EvolutionJobServiceService>;

	/** @param patienceMs time for which a call is repeated */
	constructor(
		address: string,
		private readonly patienceMs: number,
	) {
		const config = { address, deadlineMs: DEADLINE_MS };
		this.#networks = createClient(orchestrator.OrchestratorServiceService, config);
		this.#jobs = createClient(orchestrator.EvolutionJobServiceService, config);
	}

	close(): void {
		this.#networks.close();
		this.#jobs.close();
	}

	/** Answers and history as they are while nothing breaks. */
	async undisturbed(): Promise<Expected> {
		const answers = new Map<bigint, string>();
		for (const seed of SEEDS) answers.set(seed, await this.#ask(seed));
		return { answers, history: await this.#runJob("undisturbed") };
	}

	/** Asks for networks until the signal fires; each answer must be the expected one. */
	async requests({ answers }: Expected, signal: AbortSignal): Promise<void> {
		for (let turn = 0; !signal.aborted; turn += 1) {
			const seed = SEEDS[turn % SEEDS.length]!;
			await this.#expecting(`answer to seed ${seed}`, async () => {
				const same = (await this.#ask(seed)) === answers.get(seed);
				this.seen.answers += 1;
				return same;
			});
		}
	}

	/** Runs one job after the other until the signal fires; each must have the expected history. */
	async jobs({ history }: Expected, signal: AbortSignal): Promise<void> {
		for (let turn = 0; !signal.aborted; turn += 1) {
			const id = `disturbed-${turn}`;
			await this.#expecting(`history of ${id}`, async () => {
				const lines = await this.#runJob(id);
				this.seen.jobs += 1;
				this.seen.evaluations += lines.length;
				return lines.length === history.length && lines.every((line, i) => line === history[i]);
			});
		}
	}

	async #expecting(what: string, body: () => Promise<boolean>): Promise<void> {
		try {
			if (!(await body())) this.seen.wrong.push(`${what}: not that of the undisturbed run`);
		} catch (failure) {
			const { reason = "", message } = failure as Partial<ArchgenError> & Error;
			this.seen.wrong.push(`${what}: ${reason} ${message}`);
		}
	}

	async #ask(seed: bigint): Promise<string> {
		const request = orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec: { ...REQUEST, seed } });
		const { result } = await this.#patiently(() => this.#networks.generateNetworksUnary(request));
		const { timings: _, ...same } = orchestrator.GenerationResult.toJSON(result!) as Record<string, unknown>;
		return JSON.stringify(same);
	}

	/** The history of a job that is created, run, followed and read, each again where it fails. */
	async #runJob(id: string): Promise<string[]> {
		const name = `evolutionJobs/${id}`;
		const evolutionJob = orchestrator.EvolutionJob.fromPartial({ spec: JOB });
		const creation = { evolutionJob, evolutionJobId: id, validateOnly: false, requestId: id };
		await this.#patiently(() => this.#jobs.createEvolutionJob(creation));
		await this.#patiently(() => this.#begin(name));
		const states: number[] = [];
		await this.#patiently(async () => {
			for await (const { evolutionJob: job } of goOn(() => this.#watch(name))) states.push(job!.state);
		});
		const last = states.at(-1);
		if (last !== orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_SUCCEEDED)
			throw new Error(`ended as ${last === undefined ? last : orchestrator.EvolutionJobState[last]}`);
		return this.#patiently(async () => {
			let text = "";
			const open = () => this.#jobs.exportHistory({ name, startLine: 0 }, { deadlineMs: DEADLINE_MS });
			for await (const { lines } of open()) text += lines;
			return text.split("\n").slice(0, -1);
		});
	}

	#watch(name: string) {
		return this.#jobs.watchEvolutionJob({ name }, { deadlineMs: 10 * DEADLINE_MS });
	}

	/** A call that was carried out although its answer was lost must not be made again. */
	async #begin(name: string): Promise<void> {
		const { evolutionJob } = await this.#jobs.getEvolutionJob({ name });
		if (evolutionJob!.state === orchestrator.EvolutionJobState.EVOLUTION_JOB_STATE_CREATED)
			await this.#jobs.runEvolutionJob({ name });
	}

	#patiently<T>(call: () => Promise<T>): Promise<T> {
		return retry(call, {
			firstDelayMs: 100,
			longestDelayMs: 1_000,
			patienceMs: this.patienceMs,
			mayPass: (failure) => {
				const passes = failure instanceof ArchgenError && PASSING.includes(failure.category);
				if (passes) this.seen.passing[failure.reason] = (this.seen.passing[failure.reason] ?? 0) + 1;
				return passes;
			},
		});
	}
}
