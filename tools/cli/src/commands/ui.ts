import {
	DEFAULT_PORTS,
	gatewayFlags,
	runningServices,
	SERVICES,
	startGroup,
	startService,
} from "@archgen/client";
import type { Command } from "commander";
import { MODELS_OPTION, modelsFolder, openModel } from "../bundle/model-folder.js";
import type { CliContext } from "../cli/index.js";
import { type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";
import { startProgress } from "../cli/progress.js";
import { programOf } from "../services/programs.js";
import { untilOneEnds } from "./serve.js";

interface Options extends CommonOptions {
	readonly models?: string;
	readonly model: string;
	readonly port: number;
	readonly workers: number;
	readonly freePorts?: boolean;
}

/** `archgen ui`: services that are missing, the gateway, and the page. */
export function uiCommand(context: CliContext): Command {
	return newCommand(context, {
		name: "ui",
		description:
			"Use archgen in the browser: start the services that do not run yet and the gateway, and print the address of the page",
		examples: ["ui", "ui --port 8080 --workers 4"],
	})
		.option(...MODELS_OPTION)
		.option("--model <name>", "name of the bundle", "default")
		.option(
			"--port <n>",
			"port of the page; 0 takes a free one",
			integer({ min: 0, max: 65535 }),
			DEFAULT_PORTS.web,
		)
		.option("--workers <n>", "scoring processes", integer({ min: 1, max: 256 }), 2)
		.option("--free-ports", "start its own services on free ports even if others run")
		.action((options: Options) => run(context, options));
}

async function run(context: CliContext, options: Options): Promise<void> {
	const { signal } = context;
	const running = options.freePorts ? {} : await runningServices(signal);
	if (Object.keys(running).length < SERVICES.length) await openModel(options, context);
	const progress = startProgress(context.stderr, { title: "services", total: SERVICES.length });
	const group = await startGroup({
		programOf,
		models: modelsFolder(options, context),
		model: options.model,
		freePorts: options.freePorts ?? false,
		logLevel: "error",
		workers: options.workers,
		running,
		signal,
		progress,
	}).finally(() => progress.stop());
	try {
		const flags = ["--port", String(options.port), "--log-level", "error", ...gatewayFlags(group.addresses)];
		const web = await startService(programOf("web"), flags, signal);
		const stop = async () => {
			await web.stop();
			await group.stop();
		};
		const started = group.services.map(({ name }) => name);
		printResult(context, options, { page: `http://${web.address}/`, started }, ({ page }) =>
			[
				`archgen is at ${page}`,
				`Ctrl-C stops it${started.length ? " and the services that it started" : ""}.`,
			].join("\n"),
		);
		await untilOneEnds(context, [...group.services, web], stop);
	} finally {
		await group.stop();
	}
}
