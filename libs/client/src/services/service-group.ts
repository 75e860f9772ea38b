import type { Progress } from "@archgen/pipeline";
import { DEFAULT_PORTS, type Program, SERVICES, type ServiceName, UPSTREAM_FLAGS } from "./programs.js";
import { type ServiceProcess, startService } from "./service-process.js";

export interface GroupOptions {
	/** The program of each service. */
	readonly programOf: (name: ServiceName) => Program;
	/** Folder of model bundles. */
	readonly models: string;
	/** Name of the bundle. */
	readonly model: string;
	/** Free ports instead of the usual ones. */
	readonly freePorts: boolean;
	readonly logLevel: string;
	/** Scoring processes. */
	readonly workers: number;
	/** Real images for scoring networks of 32 pixels. */
	readonly images?: string | undefined;
	/** Addresses of services that run already and are not started again. */
	readonly running?: Readonly<Partial<Record<ServiceName, string>>>;
	readonly signal?: AbortSignal;
	/** Counts started services. */
	readonly progress?: Progress;
}

/** The five services. */
export interface ServiceGroup {
	/** Those that were started here. */
	readonly services: readonly ServiceProcess[];
	readonly addresses: Readonly<Record<ServiceName, string>>;
	/** Stops all of them, the orchestrator first. */
	stop(): Promise<void>;
}

/** Starts the four services that compute, then the orchestrator over them. What has started is stopped when one fails. */
export async function startGroup(options: GroupOptions): Promise<ServiceGroup> {
	const services: ServiceProcess[] = [];
	const addresses = new Map<string, string>(Object.entries(options.running ?? {}));
	const stop = async () => {
		for (const service of [...services].reverse()) await service.stop();
	};
	const start = async (name: ServiceName, flags: readonly string[]) => {
		if (addresses.has(name)) return;
		const all = [...commonFlags(name, options), ...flags];
		const service = await startService(options.programOf(name), all, options.signal);
		services.push(service);
		addresses.set(name, service.address);
		options.progress?.update(services.length, name);
	};
	try {
		const computing = SERVICES.filter((name) => name !== "orchestrator");
		const starts = await Promise.allSettled(computing.map((name) => start(name, ownFlags(name, options))));
		for (const result of starts) if (result.status === "rejected") throw result.reason;
		await start("orchestrator", [
			"--models",
			options.models,
			...upstreamFlags(addresses),
			...parallelism(options),
			// Services for one request leave long searches to those that stay.
			...(options.freePorts ? ["--jobs-resume-at-start", "false"] : []),
			"--jobs-model",
			options.model,
		]);
	} catch (error) {
		await stop();
		throw error;
	}
	return { services, addresses: Object.fromEntries(addresses) as Record<ServiceName, string>, stop };
}

function commonFlags(name: ServiceName, { freePorts, logLevel }: GroupOptions): string[] {
	return ["--port", String(freePorts ? 0 : DEFAULT_PORTS[name]), "--log-level", logLevel];
}

function ownFlags(name: Exclude<ServiceName, "orchestrator">, options: GroupOptions): string[] {
	if (name !== "zc-proxy") return ["--models", options.models, "--model", options.model];
	const images = options.images === undefined ? [] : ["--images", options.images];
	return ["--workers", String(options.workers), ...images];
}

function upstreamFlags(addresses: ReadonlyMap<string, string>): string[] {
	return Object.entries(UPSTREAM_FLAGS).flatMap(([name, flag]) => [flag, addresses.get(name)!]);
}

/** Two networks for each worker: one in work, one waiting. */
function parallelism({ workers }: GroupOptions): string[] {
	return ["--scoring-parallelism", String(2 * workers)];
}
