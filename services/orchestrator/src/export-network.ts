import { invalidArgument } from "@archgen/errors";
import type { NetworkFacts } from "@archgen/exporters";
import { type CallContext, orchestrator } from "@archgen/rpc";
import { constraintOfKind, networkFromMessage, PIECE_BYTES, requireBatch, seedNumber } from "@archgen/wire";
import type { FileFormat } from "./export-files.js";
import type { Exporter } from "./exporter.js";

/** Entries of provenance, and characters of each. */
const MOST_PROVENANCE = 32;
const LONGEST_PROVENANCE = 200;

const { ExportFormat: Wire } = orchestrator;

/** The one table of formats: adding one to the exporters makes the compiler ask for its enum value. */
const TO_WIRE: Readonly<Record<FileFormat, orchestrator.ExportFormat>> = {
	onnx: Wire.EXPORT_FORMAT_ONNX,
	pytorch: Wire.EXPORT_FORMAT_PYTORCH,
	json: Wire.EXPORT_FORMAT_JSON,
	svg: Wire.EXPORT_FORMAT_SVG,
	project: Wire.EXPORT_FORMAT_PROJECT,
	tflite: Wire.EXPORT_FORMAT_TFLITE,
};

const FORMATS = Object.keys(TO_WIRE) as FileFormat[];

/** Handler of `ExportNetwork`. */
export function exportNetwork(exporter: Exporter) {
	return async function* (
		request: orchestrator.ExportNetworkRequest,
		{ signal }: CallContext,
	): AsyncGenerator<orchestrator.ExportNetworkResponse> {
		if (request.network === undefined) {
			throw invalidArgument("network", "is missing.");
		}
		const network = networkFromMessage(request.network, "network");
		requireBatch("formats", request.formats.length, FORMATS.length);
		const formats = request.formats.map(formatFromMessage);
		const task = { formats, seed: seedNumber(request.seed), facts: factsOf(request) };
		const pieces = exporter.pieces(network, task, PIECE_BYTES, signal);
		for await (const { format, fileName, mediaType, bytes, offset, content } of pieces) {
			yield {
				format: TO_WIRE[format],
				fileName,
				mediaType,
				sizeBytes: BigInt(bytes),
				offsetBytes: BigInt(offset),
				content,
			};
		}
	};
}

/** What the model card of a project repeats of its request. */
function factsOf({ scores, margins, provenance }: orchestrator.ExportNetworkRequest): NetworkFacts {
	const entries = Object.entries(provenance);
	if (entries.length > MOST_PROVENANCE || entries.flat().some(({ length }) => length > LONGEST_PROVENANCE)) {
		throw invalidArgument(
			"provenance",
			`must be at most ${MOST_PROVENANCE} entries of ${LONGEST_PROVENANCE} characters.`,
		);
	}
	const known = margins.flatMap(({ kind, limit, actual, relativeMargin }) => {
		const name = constraintOfKind(kind);
		const margin = { limit: Number(limit), value: Number(actual), relative: relativeMargin };
		return name === undefined ? [] : [[name, margin] as const];
	});
	// Text of a caller becomes part of a Markdown table.
	const plain = (text: string) => text.replaceAll(/[|\r\n`<>]/g, " ");
	return {
		scores: Object.fromEntries(Object.entries(scores).map(([name, value]) => [plain(name), value])),
		margins: Object.fromEntries(known),
		provenance: Object.fromEntries(entries.map(([name, value]) => [plain(name), plain(value)])),
	};
}

function formatFromMessage(
	wire: orchestrator.ExportFormat,
	index: number,
	all: readonly orchestrator.ExportFormat[],
): FileFormat {
	const format = FORMATS.find((candidate) => TO_WIRE[candidate] === wire);
	if (format === undefined) {
		throw invalidArgument(`formats[${index}]`, `must be one of ${FORMATS.join(", ")}.`, "UNKNOWN_FORMAT");
	}
	if (all.indexOf(wire) < index) {
		throw invalidArgument(`formats[${index}]`, "stands there twice.");
	}
	return format;
}
