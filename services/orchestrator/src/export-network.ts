import { invalidArgument } from "@archgen/errors";
import type { ExportFormat } from "@archgen/exporters";
import { type CallContext, orchestrator } from "@archgen/rpc";
import { networkFromMessage, PIECE_BYTES, requireBatch, seedNumber } from "@archgen/wire";
import type { Exporter } from "./exporter.js";

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
		const pieces = exporter.pieces(network, formats, seedNumber(request.seed), PIECE_BYTES, signal);
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
