// Services that a benchmark starts for itself.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The command line of this clone. */
export const archgen = fileURLToPath(new URL("../tools/cli/bin/archgen.js", import.meta.url));

/** Starts the five services on free ports, gives the address of the orchestrator to `use`, and stops them in the end. */
export async function withServices(use) {
	const services = spawn(process.execPath, [archgen, "serve", "--free-ports", "--log-level", "error"], {
		stdio: ["ignore", "pipe", "inherit"],
	});
	try {
		await use(await orchestratorAddress(services.stdout));
	} finally {
		services.kill("SIGINT");
		await once(services, "exit");
	}
}

async function orchestratorAddress(output) {
	for await (const line of createInterface({ input: output })) {
		const found = /^orchestrator\s+(\S+:\d+)/.exec(line);
		if (found) return found[1];
	}
	throw new Error("the services did not start");
}
