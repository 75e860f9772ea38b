import { parseArgs } from "node:util";
import { parsed, runCommand, whole } from "./command.js";
import { type ChaosReport, runChaos } from "./run.js";

const HELP = `Usage: npm run chaos -- [--faults N] [--seed N] [--longest-ms N] [--models FOLDER] [--json]

Runs all services under load and breaks them: processes killed and frozen, connections cut, wall clocks set forth and back, the database and its connections lost, its disk full.
Answers and histories of jobs must be those of an undisturbed run.

  --faults N       faults in all (default 20)
  --seed N         seed of the schedule (default 1)
  --longest-ms N   longest pause before a fault and longest time that one lasts (default 1500)
  --models FOLDER  model store (default models)
  --json           the report as one JSON document on standard output

Example: npm run chaos -- --faults 200 --seed 7
Exit codes: 0 all as it has to be, 1 not so, 2 a wrong option, 130 ended by Ctrl-C.
`;

const OPTIONS = {
	faults: { type: "string", default: "20" },
	seed: { type: "string", default: "1" },
	"longest-ms": { type: "string", default: "1500" },
	models: { type: "string", default: "models" },
	json: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
} as const;

process.exitCode = await runCommand("chaos", async (signal) => {
	const { values } = parsed(() => parseArgs({ options: OPTIONS }));
	if (values.help) {
		process.stdout.write(HELP);
		return true;
	}
	const faults = whole("faults", values.faults, 1);
	const began = Date.now();
	const report = await runChaos({
		models: values.models,
		seed: whole("seed", values.seed, 0),
		faults,
		longestMs: whole("longest-ms", values["longest-ms"], 10),
		signal,
		onFault: ({ kind, target }, index) => {
			const left = index === 0 ? "" : `, ${remaining(began, index, faults)} s left`;
			process.stderr.write(`${index + 1} of ${faults}: ${kind} of ${target}${left}\n`);
		},
	});
	process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : describe(report));
	return report.ok;
});

function remaining(began: number, done: number, all: number): number {
	return Math.round(((Date.now() - began) / 1000 / done) * (all - done));
}

function describe({
	seed,
	faults,
	leftOut,
	seen,
	crashes,
	unexpected,
	exits,
	seconds,
	ok,
}: ChaosReport): string {
	const counts = (all: object) =>
		Object.entries(all)
			.map(([name, count]) => `${count} ${name}`)
			.join(", ") || "none";
	return `${[
		`Seed ${seed}, ${seconds} s. Faults: ${counts(faults)}.`,
		...(leftOut.length > 0 ? [`Left out, since they cannot be made here: ${leftOut.join(", ")}.`] : []),
		`${seen.answers} answers, ${seen.jobs} jobs with ${seen.evaluations} evaluations, all compared with an undisturbed run.`,
		`Failures that callers repeated: ${counts(seen.passing)}.`,
		...seen.wrong.map((what) => `WRONG: ${what}`),
		...Object.entries(unexpected).flatMap(([name, lines]) =>
			lines.map((line) => `LOGGED by ${name}: ${line}`),
		),
		...Object.entries(crashes).flatMap(([name, ends]) =>
			ends.map((end) => `ENDED without a fault: ${name}, ${end}`),
		),
		`Exit codes: ${counts(exits)}.`,
		ok ? "All as it has to be." : "NOT as it has to be.",
	].join("\n")}\n`;
}
