import { orchestrator } from "@archgen/rpc";
import { credentials, Metadata } from "@grpc/grpc-js";
import { expect } from "vitest";
import { writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { startCollector } from "./collector.js";
import { startAll } from "./service-processes.js";

/** What networks are wanted, as far as it differs from the defaults. */
export type Spec = Parameters<typeof orchestrator.GenerationSpec.fromPartial>[0];

/** A small request. */
export const SPEC = { inputSize: 32, classCount: 10, candidates: 6, topK: 3, seed: 1n };

const FLAGS = ["--scoring-pixels", "8192", "--scoring-max-input-size", "32", "--gate-candidates", "2"];

/** Five processes with a small model, and a client of grpc-js alone: nothing here knows how the services are made. */
export class GenerationBench {
	readonly client: orchestrator.OrchestratorServiceClient;

	private constructor(
		readonly models: Awaited<ReturnType<typeof writeSampleStore>>,
		readonly services: Awaited<ReturnType<typeof startAll>>,
		/** Gets the traces of all five. */
		readonly collector: Awaited<ReturnType<typeof startCollector>>,
	) {
		this.client = new orchestrator.OrchestratorServiceClient(this.address, credentials.createInsecure());
	}

	static async open(): Promise<GenerationBench> {
		const collector = await startCollector();
		// The services are started with these.
		Object.assign(process.env, {
			OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
			OTEL_BSP_SCHEDULE_DELAY: "100",
		});
		const models = await writeSampleStore();
		return new GenerationBench(models, await startAll(models.folder, ...FLAGS), collector);
	}

	/** Host and port of the orchestrator. */
	get address(): string {
		return this.services.orchestrator.address;
	}

	/** Stops the services; all of them end well and have logged no crash. */
	async close(): Promise<void> {
		this.client.close();
		expect(await this.services.stop()).toEqual([0, 0, 0, 0, 0]);
		for (const { log } of Object.values(this.services.all)) expect(log()).not.toContain('"level":"error"');
		await this.collector.stop();
		await this.models.remove();
	}

	/** The result of a generation that is not streamed. */
	unary(spec: Spec, metadata = new Metadata()): Promise<orchestrator.GenerationResult> {
		const request = orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec });
		return new Promise((resolve, reject) => {
			this.client.generateNetworksUnary(request, metadata, (failure, reply) =>
				failure ? reject(failure) : resolve(reply.result!),
			);
		});
	}

	/** Progress and result of a streamed generation. */
	async stream(spec: Spec) {
		const progress: orchestrator.GenerationProgress[] = [];
		let result: orchestrator.GenerationResult | undefined;
		const request = orchestrator.GenerateNetworksRequest.fromPartial({ spec, requestId: "r1" });
		for await (const message of this.client.generateNetworks(request)) {
			const { event, requestId } = message as orchestrator.GenerateNetworksResponse;
			expect(requestId).toBe("r1");
			expect(result).toBeUndefined();
			if (event?.$case === "progress") {
				progress.push(event.value);
			} else {
				result = event?.value;
			}
		}
		return { progress, result: result! };
	}

	/** The files of an export, put together from their pieces. */
	async exportAll(request: Parameters<typeof orchestrator.ExportNetworkRequest.fromPartial>[0]) {
		const pieces = new Map<string, Buffer[]>();
		for await (const piece of this.client.exportNetwork(
			orchestrator.ExportNetworkRequest.fromPartial(request),
		)) {
			const { fileName, content, sizeBytes, offsetBytes } = piece as orchestrator.ExportNetworkResponse;
			const before = pieces.get(fileName) ?? [];
			const offset = before.reduce((sum, { length }) => sum + length, 0);
			expect(Number(offsetBytes)).toBe(offset);
			expect(offset + content.length).toBeLessThanOrEqual(Number(sizeBytes));
			pieces.set(fileName, [...before, content]);
		}
		return new Map([...pieces].map(([name, contents]) => [name, Buffer.concat(contents)]));
	}
}
