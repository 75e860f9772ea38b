import { parseArgs } from "node:util";
import { parsed, runCommand, whole } from "./command.js";
import { runSoak, type SoakReport } from "./soak.js";

const HELP = `Usage: npm run soak -- [--seconds N] [--tolerance PERCENT] [--models FOLDER] [--json]

Runs all services under an even load and looks at memory and open files of their processes: after warming up (the first fifth)
the least that they hold, between two collections of garbage, should not grow.

  --seconds N          how long (default 300)
  --tolerance PERCENT  growth of memory that is allowed (default 5)
  --models FOLDER      model store (default models)
  --json               the report as one JSON document on standard output

Example: npm run soak -- --seconds 3600
Exit codes: 0 all as it has to be, 1 not so, 2 a wrong option, 130 ended by Ctrl-C.
`;

const OPTIONS = {
	seconds: { type: "string", default: "300" },
	tolerance: { type: "string", default: "5" },
	models: { type: "string", default: "models" },
	json: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
} as const;

process.exitCode = await runCommand("soak", async (signal) => {
	const { values } = parsed(() => parseArgs({ options: OPTIONS }));
	if (values.help) {
		process.stdout.write(HELP);
		return true;
	}
	const seconds = whole("seconds", values.seconds, 10);
	let told = 0;
	const report = await runSoak({
		models: values.models,
		seconds,
		tolerance: whole("tolerance", values.tolerance, 0) / 100,
		signal,
		onProgress: (passed) => {
			if (passed < told + 10) return;
			told = passed;
			process.stderr.write(`${passed} of ${seconds} s\n`);
		},
	});
	process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
	return report.ok;
});

function describe({ seconds, seen, drift, ok }: SoakReport): string {
	const lines = Object.entries(drift).map(([name, { warm, end, growth }]) => {
		const percent = `${growth < 0 ? "" : "+"}${(100 * growth).toFixed(1)} %`;
		return `${name}: ${warm.memoryMebibytes.toFixed(0)} MiB, at the end ${end.memoryMebibytes.toFixed(0)} MiB (${percent}); open files ${warm.handles}, ${end.handles}`;
	});
	return `${[
		`${seconds} s: ${seen.answers} answers, ${seen.jobs} jobs with ${seen.evaluations} evaluations.`,
		...lines,
		...seen.wrong.map((what) => `WRONG: ${what}`),
		ok ? "All as it has to be." : "NOT as it has to be.",
	].join("\n")}\n`;
}
