import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parsed, runCommand, whole } from "@archgen/chaos/command";
import { invalidArgument } from "@archgen/errors";
import { canRun, type JazzerReport, runJazzer } from "./jazzer.js";
import { holds, type Reader } from "./reader.js";
import { findReader, readerNames } from "./readers.js";

const HELP = `Usage: npm run fuzz -- [READER...] [--seconds N] [--corpus FOLDER] [--loader FILE] [--json]
       npm run fuzz -- --list
       npm run fuzz -- READER --input FILE

Feeds readers of files and fields with inputs that reach ever more of their code (Jazzer.js). Each input must give a value or an error of the domain,
within seconds and within 2 GiB. Without names all readers are run, one after another.

  --seconds N      time for each reader (default 60)
  --corpus FOLDER  where inputs are kept, so that the next run goes on, and where those that show a defect go (default runs/fuzz)
  --loader FILE    ld-linux-x86-64.so.2 of another C library, where the one here is older than 2.38 (default $ARCHGEN_FUZZ_LOADER)
  --input FILE     reads this file once, without the fuzzer: repeats what it found
  --list           names of the readers
  --json           the report as one JSON document on standard output

Example: npm run fuzz -- images/npy tables/latencies --seconds 300
Exit codes: 0 all held, 1 a defect, or the fuzzer does not run here, 2 a wrong option, 130 ended by Ctrl-C.
`;

const OPTIONS = {
	seconds: { type: "string", default: "60" },
	corpus: { type: "string", default: "runs/fuzz" },
	loader: { type: "string" },
	input: { type: "string" },
	list: { type: "boolean", default: false },
	json: { type: "boolean", default: false },
	help: { type: "boolean", short: "h", default: false },
} as const;

const TARGET = fileURLToPath(new URL("target.js", import.meta.url));

type ReaderReport = JazzerReport & { readonly reader: string };

process.exitCode = await runCommand("fuzz", async (signal) => {
	const { values, positionals } = parsed(() => parseArgs({ options: OPTIONS, allowPositionals: true }));
	const seconds = whole("seconds", values.seconds, 1);
	if (values.help) return print(HELP);
	if (values.list) return print(`${(await readerNames()).join("\n")}\n`);
	if (values.input !== undefined) return readOnce(positionals, values.input);
	const readers: [string, Awaited<ReturnType<typeof findReader>>][] = [];
	for (const name of positionals.length > 0 ? positionals : await readerNames())
		readers.push([name, await findReader(name)]);
	const asked = values.loader ?? process.env.ARCHGEN_FUZZ_LOADER;
	const loader = asked || undefined;
	const reports: ReaderReport[] = [];
	for (const [reader, { examples, code }] of readers) {
		const corpus = resolve(values.corpus, reader);
		writeSeeds(corpus, examples);
		const findings = resolve(values.corpus, "findings", `${reader.replace("/", "-")}-`);
		const environment = { ARCHGEN_FUZZ_READER: reader };
		const report = {
			reader,
			...(await runJazzer({
				...{ target: TARGET, corpus, findings, code, seconds, environment, signal },
				// Where the library of this system will do, another one is not needed.
				loader: loader !== undefined && (values.loader !== undefined || !canRun()) ? loader : undefined,
			})),
		};
		reports.push(report);
		if (!values.json) print(describe(report));
	}
	if (values.json) print(`${JSON.stringify(reports)}\n`);
	return reports.every(({ defect }) => defect === undefined);
});
// Native libraries that readers have loaded may keep threads.
process.exit();

function print(text: string): true {
	process.stdout.write(text);
	return true;
}

function writeSeeds(corpus: string, examples: Reader["examples"]): void {
	mkdirSync(corpus, { recursive: true });
	for (const [i, example] of examples.entries()) writeFileSync(join(corpus, `example-${i}`), example);
}

async function readOnce([reader, ...more]: readonly string[], file: string): Promise<boolean> {
	if (reader === undefined || more.length > 0) throw invalidArgument("--input", "goes with one reader");
	const { read } = await findReader(reader);
	if (!existsSync(file)) throw invalidArgument("--input", `${file} does not exist`);
	try {
		await holds(() => read(readFileSync(file)));
		return print(`${reader} reads ${file}, or refuses it as it should.\n`);
	} catch (defect) {
		print(`DEFECT of ${reader}: ${(defect as Error).stack ?? defect}\n`);
		return false;
	}
}

function describe({ reader, runs, edges, corpus, defect }: ReaderReport): string {
	const result =
		defect === undefined
			? "held"
			: `DEFECT\n${defect.what}\n${defect.input === undefined ? "The input was not written." : `Input: ${defect.input}\nAgain: npm run fuzz -- ${reader} --input ${defect.input}`}`;
	return `${reader}: ${runs} runs, edges ${edges.first} → ${edges.last}, ${corpus} inputs: ${result}\n`;
}
