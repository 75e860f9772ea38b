import {
	DEFAULT_PORTS,
	PROGRAMS,
	type ProgramName,
	type ServiceProcess,
	startGroup,
	startService,
} from "@archgen/client";
import { invalidArgument } from "@archgen/errors";
import { table } from "@archgen/text";
import type { Command } from "commander";
import { MODELS_OPTION, modelsFolder, openModel } from "../bundle/model-folder.js";
import {
	type CliContext,
	type CommonOptions,
	choice,
	integer,
	newCommand,
	printResult,
} from "../cli/index.js";
import { checkImages } from "../files/image-source.js";
import { programOf } from "../services/programs.js";

interface Options extends CommonOptions {
	readonly models?: string;
	readonly model: string;
	readonly freePorts?: boolean;
	readonly workers: number;
	readonly images?: string;
	readonly logLevel: string;
	readonly untilStdinEnds?: boolean;
}

/** Services that answer with a model of a bundle. */
const MODEL_SERVICES: ReadonlySet<ProgramName> = new Set(["gvae", "ccnf", "seqgen"]);

/** Bundle of the five services. */
const DEFAULT_MODEL = "default";

const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

/** `archgen serve`: all services, or one. */
export function serveCommand(context: CliContext): Command {
	const ports = PROGRAMS.map((name) => `${name} ${DEFAULT_PORTS[name]}`).join(", ");
	return newCommand(context, {
		name: "serve",
		description: `Run all five services on loopback, or one of them, or "diffusion", which samples whole architectures, or the JSON gateway "web", until Ctrl-C. Usual ports: ${ports}.`,
		examples: [
			"serve",
			"serve zc-proxy --port 50051 --workers 4",
			"serve orchestrator --upstream-gvae 10.0.0.2:50052",
			"serve diffusion --port 50055",
			"serve web --port 50080 --upstream-orchestrator 127.0.0.1:50050",
		],
	})
		.argument("[service]", `one of ${PROGRAMS.join(", ")}; all but diffusion and web unless given`)
		.argument("[settings...]", "settings of that service, as --name value (docs/settings.md)")
		.allowUnknownOption()
		.option(...MODELS_OPTION)
		.option("--model <name>", "name of the bundle", DEFAULT_MODEL)
		.option("--free-ports", "take free ports instead of the usual ones")
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option("--images <file>", "real images for scoring, resized where they have another size")
		.option("--log-level <level>", `lowest shown: ${LOG_LEVELS.join(", ")}`, choice(LOG_LEVELS), "info")
		.option(
			"--until-stdin-ends",
			"also stop when standard input ends, so that services end with the program that starts them",
		)
		.action(async (service: string | undefined, settings: string[], options: Options) => {
			if (service === undefined) return serveAll(context, options);
			await serveOne(context, serviceName(service, settings), settings, options);
		});
}

async function serveAll(context: CliContext, options: Options): Promise<void> {
	await checkImages(options.images, context);
	await openModel(options, context);
	const { stop, services } = await startGroup({
		programOf,
		models: modelsFolder(options, context),
		model: options.model,
		freePorts: options.freePorts ?? false,
		logLevel: options.logLevel,
		workers: options.workers,
		images: options.images,
		signal: context.signal,
	});
	await untilStopped(context, options, services, stop);
}

async function serveOne(
	context: CliContext,
	name: ProgramName,
	settings: readonly string[],
	options: Options,
) {
	if (name === "zc-proxy") await checkImages(options.images, context);
	// A service without a model starts all the same and waits for one; here somebody waits for the service.
	else if (MODEL_SERVICES.has(name)) await openModel(options, context);
	const flags = [...settings, ...ownSettings(context, name, options)];
	const service = await startService(programOf(name), flags, context.signal);
	await untilStopped(context, options, [service], () => service.stop());
}

/** Options that are ours by name but meant for the service. */
function ownSettings(context: CliContext, name: ProgramName, options: Options): string[] {
	const flags = ["--log-level", options.logLevel];
	if (options.freePorts) flags.push("--port", "0");
	if (name === "zc-proxy")
		flags.push("--workers", String(options.workers), ...(options.images ? ["--images", options.images] : []));
	else if (name !== "web") flags.push("--models", modelsFolder(options, context));
	// The diffusion service's own default is the bundle of a space.
	if (MODEL_SERVICES.has(name) || (name === "diffusion" && options.model !== DEFAULT_MODEL))
		flags.push("--model", options.model);
	return flags;
}

/** Prints where services listen, then waits for Ctrl-C or for one of them to end. */
async function untilStopped(
	context: CliContext,
	options: Options,
	services: readonly ServiceProcess[],
	stop: () => Promise<void>,
): Promise<void> {
	const listed = services.map(({ name, address, pid }) => ({ name, address, pid }));
	printResult(context, options, { services: listed }, (result) =>
		table(
			["service", "address", "pid"],
			result.services.map(({ name, address, pid }) => [name, address, pid]),
		),
	);
	const signal = options.untilStdinEnds
		? AbortSignal.any([context.signal, endOf(process.stdin)])
		: context.signal;
	await untilOneEnds({ signal }, services, stop);
}

/** Fires at the end of a stream; what comes before is dropped. */
function endOf(stream: NodeJS.ReadStream): AbortSignal {
	const controller = new AbortController();
	for (const event of ["end", "close", "error"]) stream.once(event, () => controller.abort());
	stream.resume();
	return controller.signal;
}

/** Waits for Ctrl-C or for one of the processes to end, and stops them all; the one that ended by itself is an error. */
export async function untilOneEnds(
	context: Pick<CliContext, "signal">,
	services: readonly ServiceProcess[],
	stop: () => Promise<void>,
): Promise<void> {
	const interrupted = new Promise<void>((resolve) =>
		context.signal.addEventListener("abort", () => resolve()),
	);
	const ended = Promise.race(services.map(async ({ name, ended }) => ({ name, code: await ended })));
	const first = context.signal.aborted ? undefined : await Promise.race([interrupted, ended]);
	await stop();
	if (first !== undefined && !context.signal.aborted)
		throw new Error(
			`the service ${first.name} ended ${first.code === null ? "by a signal" : `with exit code ${first.code}`}; all were stopped.`,
		);
}

function serviceName(text: string, settings: readonly string[]): ProgramName {
	const name = PROGRAMS.find((candidate) => candidate === text);
	if (name !== undefined) return name;
	// Without a service name an unknown option lands here.
	const wrong = text.startsWith("-")
		? `${text} is no option of "serve"`
		: `there is no service "${[text, ...settings].join(" ")}"`;
	throw invalidArgument("service", `${wrong}; choose one of ${PROGRAMS.join(", ")}`);
}
