import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { credentials, loadPackageDefinition, type ServiceClientConstructor } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSample } from "../../testing/sample-server.js";
import { FileDescriptorProto } from "../generated/google/protobuf/descriptor.js";
import type { RunningServer } from "./create-server.js";

const PROTO = join(
	dirname(fileURLToPath(import.meta.resolve("@grpc/reflection"))),
	"../proto/grpc/reflection/v1/reflection.proto",
);

let server: RunningServer;
beforeAll(async () => {
	({ server } = await startSample());
});
afterAll(() => server.stop());

interface Reply {
	listServicesResponse?: { service: { name: string }[] };
	fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
}

/** Asks one question in the way of a tool that knows nothing but the reflection protocol. */
function ask(question: Record<string, string>): Promise<Reply> {
	const loaded = loadPackageDefinition(loadSync(PROTO)) as unknown as {
		grpc: { reflection: { v1: { ServerReflection: ServiceClientConstructor } } };
	};
	const client = new loaded.grpc.reflection.v1.ServerReflection(server.address, credentials.createInsecure());
	return new Promise<Reply>((resolve, reject) => {
		const call = client.ServerReflectionInfo!();
		call.on("data", resolve);
		call.on("error", reject);
		call.write(question);
		call.end();
	}).finally(() => client.close());
}

test("the services of the server are listed, and no others of the protocol", async () => {
	const reply = await ask({ listServices: "" });
	expect(reply.listServicesResponse?.service.map(({ name }) => name).sort()).toEqual([
		"archgen.orchestrator.v1.OrchestratorService",
		"archgen.zcproxy.v1.ZcProxyService",
		"grpc.health.v1.Health",
	]);
});

test("a symbol comes with the file that defines it, and every file it needs can be had by name", async () => {
	const reply = await ask({ fileContainingSymbol: "archgen.orchestrator.v1.OrchestratorService" });
	const files = reply.fileDescriptorResponse!.fileDescriptorProto.map((bytes) =>
		FileDescriptorProto.decode(bytes),
	);
	const names = files.map(({ name }) => name);
	expect(names).toContain("archgen/orchestrator/v1/orchestrator.proto");
	for (const needed of files.flatMap(({ dependency }) => dependency)) {
		const found = await ask({ fileByFilename: needed });
		expect(found.fileDescriptorResponse?.fileDescriptorProto.length, needed).toBeGreaterThan(0);
	}
	const spec = files.flatMap(({ messageType }) => messageType).find(({ name }) => name === "GenerationSpec");
	expect(spec?.field.map(({ name }) => name)).toContain("constraints");
	expect(spec?.field.find(({ name }) => name === "candidates")?.proto3Optional).toBe(true);
});

test.each([
	"grpc.health.v1.Health",
	"google.rpc.ErrorInfo",
	"google.rpc.BadRequest",
	"google.rpc.RetryInfo",
])("%s can be had, as it was compiled", async (symbol) => {
	const reply = await ask({ fileContainingSymbol: symbol });
	const files = reply.fileDescriptorResponse!.fileDescriptorProto.map((bytes) =>
		FileDescriptorProto.decode(bytes),
	);
	const messages = files.flatMap(({ messageType }) => messageType);
	// Tools refuse a whole file for a map whose entry has another name than protoc gives it.
	const entries = messages.flatMap(({ nestedType }) => nestedType).filter(({ options }) => options?.mapEntry);
	for (const { name } of entries) expect(["StatusesEntry", "MetadataEntry"]).toContain(name);
	expect(messages.length).toBeGreaterThan(0);
});
