import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import getPort from "get-port";

/** A service that runs as a process of its own. */
export interface ServiceProcess {
	readonly address: string;
	readonly process: ChildProcess;
	/** What it wrote on standard error. */
	log(): string;
	/** Sends SIGTERM and waits for the exit code. */
	stop(): Promise<number | null>;
}

/** Starts `node services/NAME/dist/main.js` on a free port and waits until it says where it listens. */
export function startProcess(name: string, ...flags: string[]): Promise<ServiceProcess> {
	return startMain(new URL(`../../${name}/dist/main.js`, import.meta.url), flags);
}

/** Starts the main program of a service. @param variables to add to the environment */
export async function startMain(
	main: URL,
	flags: readonly string[],
	variables: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
	const child = spawn(process.execPath, [fileURLToPath(main), "--port", "0", ...flags], {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, ...variables },
	});
	let log = "";
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		log += text;
	});
	const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
	const address = await new Promise<string>((resolve, reject) => {
		createInterface(child.stdout).once("line", (line) =>
			resolve((JSON.parse(line) as { address: string }).address),
		);
		exit.then((code) => reject(new Error(`${main.pathname} ended with ${code} before it was ready: ${log}`)));
	});
	return {
		address,
		process: child,
		log: () => log,
		stop: () => {
			child.kill("SIGTERM");
			return exit;
		},
	};
}

/** Starts all five services and returns the orchestrator with what stops them. */
export async function startAll(models: string, ...orchestratorFlags: string[]) {
	const parts = await Promise.all([
		startProcess("zc-proxy", "--workers", "1"),
		...["gvae", "ccnf", "seqgen"].map((name) => startProcess(name, "--models", models)),
	]);
	const [zcProxy, gvae, ccnf, seqgen] = parts as [
		ServiceProcess,
		ServiceProcess,
		ServiceProcess,
		ServiceProcess,
	];
	const upstream = { "zc-proxy": zcProxy, gvae, ccnf, seqgen };
	const flags = Object.entries(upstream).flatMap(([name, { address }]) => [`--upstream-${name}`, address]);
	const orchestrator = await startProcess("orchestrator", "--models", models, ...flags, ...orchestratorFlags);
	const all = { orchestrator, ...upstream };
	return { ...all, all, stop: () => Promise.all(Object.values(all).map((part) => part.stop())) };
}

/** A loopback port that nobody listens on right now. */
export function freePort(): Promise<number> {
	return getPort({ host: "127.0.0.1" });
}
