import { invalidArgument } from "@archgen/errors";
import type { ExportFormat } from "@archgen/exporters";
import { type CallContext, orchestrator } from "@archgen/rpc";
import { networkFromMessage, PIECE_BYTES, requireBatch, seedNumber } from "@archgen/wire";
import { exportInThread } from "./export-worker.js";

const { ExportFormat: Wire } = orchestrator;

/** The one table of formats: adding one to the exporters makes the compiler ask for its enum value. */
const TO_WIRE: Readonly<Record<ExportFormat, orchestrator.ExportFormat>> = {
	onnx: Wire.EXPORT_FORMAT_ONNX,
	pytorch: Wire.EXPORT_FORMAT_PYTORCH,
	json: Wire.EXPORT_FORMAT_JSON,
	svg: Wire.EXPORT_FORMAT_SVG,
};

const FORMATS = Object.keys(TO_WIRE) as ExportFormat[];

/** Handler of `ExportNetwork`. */
export async function* exportNetwork(
	request: orchestrator.ExportNetworkRequest,
	{ signal }: CallContext,
): AsyncGenerator<orchestrator.ExportNetworkResponse> {
	if (request.network === undefined) {
		throw invalidArgument("network", "is missing.");
	}
	const network = networkFromMessage(request.network, "network");
	requireBatch("formats", request.formats.length, FORMATS.length);
	const formats = request.formats.map(formatFromMessage);
	const seed = seedNumber(request.seed);
	for (const { format, fileName, mediaType, content } of await exportInThread(
		network,
		formats,
		seed,
		signal,
	)) {
		for (let offset = 0; offset === 0 || offset < content.length; offset += PIECE_BYTES) {
			yield {
				format: TO_WIRE[format],
				fileName,
				mediaType,
				sizeBytes: BigInt(content.length),
				offsetBytes: BigInt(offset),
				content: Buffer.from(content.subarray(offset, offset + PIECE_BYTES)),
			};
		}
	}
}

function formatFromMessage(
	wire: orchestrator.ExportFormat,
	index: number,
	all: readonly orchestrator.ExportFormat[],
): ExportFormat {
	const format = FORMATS.find((candidate) => TO_WIRE[candidate] === wire);
	if (format === undefined) {
		throw invalidArgument(`formats[${index}]`, `must be one of ${FORMATS.join(", ")}.`, "UNKNOWN_FORMAT");
	}
	if (all.indexOf(wire) < index) {
		throw invalidArgument(`formats[${index}]`, "stands there twice.");
	}
	return format;
}
