import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

const upstreamSettings = z
	.strictObject({
		zcProxy: z
			.string()
			.min(1)
			.default("127.0.0.1:50051")
			.describe(
				"Addresses of the zc-proxy services: a DNS name, of which all addresses are used, or IPv4 addresses joined by commas.",
			),
		gvae: z.string().min(1).default("127.0.0.1:50052").describe("Address of the gvae service."),
		ccnf: z.string().min(1).default("127.0.0.1:50053").describe("Address of the ccnf service."),
		seqgen: z.string().min(1).default("127.0.0.1:50054").describe("Address of the seqgen service."),
		token: z.string().min(1).optional().describe("Bearer token for all four services."),
		authorityFile: z
			.string()
			.min(1)
			.optional()
			.describe("PEM file of the certificate authority of the services; plaintext without it."),
		tokenFile: z.string().min(1).optional().describe("File with the bearer token."),
		certificateFile: z
			.string()
			.min(1)
			.optional()
			.describe("PEM file of the certificate that the orchestrator shows to the services, for mutual TLS."),
		privateKeyFile: z.string().min(1).optional().describe("PEM file of the private key of that certificate."),
		patienceMs: z
			.number()
			.int()
			.min(0)
			.default(15_000)
			.describe(
				"Time for which a service that restarts is waited for, within the deadline of the caller, in milliseconds.",
			),
		deadlineMs: z
			.number()
			.int()
			.min(1)
			.default(120_000)
			.describe("Deadline of calls to models, in milliseconds."),
	})
	.prefault({});

const scoringSettings = z
	.strictObject({
		parallelism: z
			.number()
			.int()
			.min(1)
			.max(1024)
			.default(4)
			.describe("Networks scored at once; at least the number of zc-proxy workers in all."),
		maxInputSize: z
			.number()
			.int()
			.min(16)
			.max(512)
			.default(64)
			.describe("Networks with larger inputs are scored at this input size, in pixels."),
		pixels: z
			.number()
			.int()
			.min(512)
			.default(65_536)
			.describe("Pixels of a minibatch: 65,536 are 64 images of 32x32 or 16 of 64x64."),
		macs: z
			.number()
			.int()
			.min(1)
			.default(5_000_000_000)
			.describe(
				"Multiply-accumulates of one network on its minibatch: where the largest candidate of a request would take more, all are scored on fewer images, at least 16, and then on smaller ones, at least 16 pixels.",
			),
		deadlineMs: z
			.number()
			.int()
			.min(1)
			.default(600_000)
			.describe("Deadline of scoring one network, in milliseconds."),
	})
	.prefault({});

const jobSettings = z
	.strictObject({
		data: z
			.string()
			.min(1)
			.default("runs/orchestrator")
			.describe(
				"Folder for the embedded database; the database server needs to get there, so not below a private home.",
			),
		databaseUrl: z
			.string()
			.min(1)
			.optional()
			.describe(
				"PostgreSQL to use instead of the embedded one, e.g. `postgresql://user:password@host/database`; DATABASE_URL does the same.",
			),
		databasePasswordFile: z
			.string()
			.min(1)
			.optional()
			.describe("File with the password of that database's user, instead of one in the URL."),
		executorId: z
			.string()
			.min(1)
			.optional()
			.describe(
				"Name of this orchestrator among those that share a database, e.g. that of its pod; made up and kept unless given.",
			),
		model: z
			.string()
			.min(1)
			.default("default")
			.describe("Name of the bundle in the store that jobs draw cells from."),
		maxRunning: z
			.number()
			.int()
			.min(1)
			.max(256)
			.default(4)
			.describe("Jobs that run at once in this orchestrator."),
		resumeAtStart: z
			.boolean()
			.default(true)
			.describe(
				"Whether jobs that an earlier process left behind go on at once, or only when somebody asks about jobs.",
			),
		trainingThreads: z
			.number()
			.int()
			.min(1)
			.max(256)
			.default(2)
			.describe("Threads of a training of the sequence generator."),
		pretrainedFolder: z
			.string()
			.min(1)
			.optional()
			.describe("Folder with folders of GPT-Neo weights in Hugging Face's format, which trainings may name."),
		takeoverMs: z
			.number()
			.int()
			.min(100)
			.default(6_000)
			.describe("A job that no orchestrator has run for this long is taken over, in milliseconds."),
	})
	.prefault({});

const exportSettings = z
	.strictObject({
		maxBytes: z
			.number()
			.int()
			.min(1)
			.default(100 * 2 ** 20)
			.describe("Largest file with weights (ONNX, TensorFlow Lite) that ExportNetwork writes, in bytes."),
		atOnce: z
			.number()
			.int()
			.min(1)
			.max(64)
			.default(2)
			.describe(
				"Exports at once; each is a process that needs some four times the memory of its file, and holds the file in the temporary folder.",
			),
		waiting: z
			.number()
			.int()
			.min(0)
			.default(32)
			.describe("Exports that may wait; more are refused with RESOURCE_EXHAUSTED."),
	})
	.prefault({});

const gateSettings = z
	.strictObject({
		candidates: z
			.number()
			.int()
			.min(1)
			.max(1000)
			.default(100)
			.describe("Networks that each version generates for a question when a promotion compares versions."),
		scored: z
			.number()
			.int()
			.min(1)
			.max(1000)
			.default(8)
			.describe("Networks of each version and question that are scored, the most promising ones."),
	})
	.prefault({});

/** Settings of the service. */
export const orchestratorSettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50050).describe("Port to bind; 0 takes a free one."),
	models: z.string().min(1).default("models").describe("Folder of the model store."),
	upstream: upstreamSettings,
	jobs: jobSettings,
	scoring: scoringSettings,
	exports: exportSettings,
	gate: gateSettings,
});

/** Settings of the service, validated. */
export type OrchestratorSettings = z.output<typeof orchestratorSettings>;

/** How networks are scored. */
export type ScoringSettings = OrchestratorSettings["scoring"];

/** How a promotion compares versions. */
export type GateSettings = OrchestratorSettings["gate"];
