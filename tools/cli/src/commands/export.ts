import { readOneNetwork } from "@archgen/client";
import { EXPORT_FORMATS, type ExportFormat, type NetworkFacts } from "@archgen/exporters";
import { outputFolder } from "@archgen/files";
import { type ExportTask, exportNetwork, exportProject } from "@archgen/pipeline";
import type { Network } from "@archgen/search-space";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type CliContext, type CommonOptions, integer, newCommand, printResult } from "../cli/index.js";
import { addIndexOption, addSourceOptions, type SourceOptions } from "../files/network-source.js";

interface Options extends SourceOptions, CommonOptions, ExportTask {
	readonly format?: ExportFormat | "project";
}

/** `archgen export`: one network in file formats. */
export function exportCommand(context: CliContext): Command {
	const command = newCommand(context, {
		name: "export",
		description:
			"Write a network as ONNX, TensorFlow Lite, one standalone PyTorch file, JSON and a picture, or as a project that trains it",
		examples: [
			"export --network network.json --formats onnx,pytorch --out exported",
			"export --network network.json --format tflite --out device",
			"export --history runs/cifar.jsonl --out best",
			"export --answer answer.json --format project --out mynet",
		],
	});
	return addIndexOption(addSourceOptions(command))
		.option("--formats <list>", `comma-separated: ${EXPORT_FORMATS.join(", ")}`, formats, EXPORT_FORMATS)
		.addOption(
			new Option(
				"--format <name>",
				"one format alone, or project: instead of --formats, a folder with model, training program, model card, requirements and picture",
			)
				.choices([...EXPORT_FORMATS, "project"])
				.conflicts("formats"),
		)
		.option("--out <dir>", "folder for the files", ".")
		.option("--name <name>", "name of the files, without extension", fileName, "network")
		.option("--seed <n>", "seed of the weights in ONNX and TensorFlow Lite files", integer(), 0)
		.option("--weights <file>", "safetensors file of a trained state_dict: its weights instead of fresh ones")
		.action(async (options: Options) => {
			const { network, facts } = await readOneNetwork(options);
			await outputFolder("--out", options.out);
			const files = await write(network, facts, options);
			printResult(context, options, { files }, (result) => result.files.join("\n"));
		});
}

function write(network: Network, facts: NetworkFacts | undefined, { format, ...task }: Options) {
	if (format === "project") return exportProject(network, facts, task.out);
	return exportNetwork(network, format === undefined ? task : { ...task, formats: [format] });
}

function formats(text: string): ExportFormat[] {
	const chosen = text.split(",").map((part) => part.trim());
	const unknown = chosen.find((name) => !(EXPORT_FORMATS as readonly string[]).includes(name));
	if (unknown !== undefined)
		throw new InvalidArgumentError(`"${unknown}" is not a format; choose from ${EXPORT_FORMATS.join(", ")}.`);
	return [...new Set(chosen)] as ExportFormat[];
}

function fileName(text: string): string {
	if (!/^[^/\\]+$/.test(text) || text.startsWith("."))
		throw new InvalidArgumentError("It must be a plain file name; --out takes the folder.");
	return text;
}
