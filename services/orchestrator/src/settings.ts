import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

const upstreamSettings = z
	.strictObject({
		/** Addresses; a DNS name stands for all its addresses, IPv4 addresses may be joined by commas. */
		zcProxy: z.string().min(1).default("127.0.0.1:50051"),
		gvae: z.string().min(1).default("127.0.0.1:50052"),
		ccnf: z.string().min(1).default("127.0.0.1:50053"),
		seqgen: z.string().min(1).default("127.0.0.1:50054"),
		/** Bearer token for all of them. */
		token: z.string().min(1).optional(),
		/** PEM file of the authority of their certificates; plaintext without it. */
		authorityFile: z.string().min(1).optional(),
		/** File with that token. */
		tokenFile: z.string().min(1).optional(),
		/** PEM files of the certificate that the orchestrator shows to them, for mutual TLS. */
		certificateFile: z.string().min(1).optional(),
		privateKeyFile: z.string().min(1).optional(),
		/** Time for which a service that restarts is waited for, within the deadline of the caller, in milliseconds. */
		patienceMs: z.number().int().min(0).default(15_000),
		/** Deadline of calls to models, in milliseconds. */
		deadlineMs: z.number().int().min(1).default(120_000),
	})
	.prefault({});

const scoringSettings = z
	.strictObject({
		/** Networks scored at once; at least the number of zc-proxy workers in all. */
		parallelism: z.number().int().min(1).max(1024).default(4),
		/** Networks with larger inputs are scored at this input size, in pixels. */
		maxInputSize: z.number().int().min(16).max(512).default(64),
		/** Pixels of a minibatch: 65,536 are 64 images of 32x32 or 16 of 64x64. */
		pixels: z.number().int().min(512).default(65_536),
		/** Deadline of scoring one network, in milliseconds. */
		deadlineMs: z.number().int().min(1).default(600_000),
	})
	.prefault({});

const jobSettings = z
	.strictObject({
		/** Folder for the embedded database; the database server needs to get there, so not below a private home. */
		data: z.string().min(1).default("runs/orchestrator"),
		/** PostgreSQL to use instead of the embedded one, e.g. `postgresql://user:password@host/database`; DATABASE_URL does the same. */
		databaseUrl: z.string().min(1).optional(),
		/** Name of this orchestrator among those that share a database, e.g. that of its pod; made up and kept unless given. */
		executorId: z.string().min(1).optional(),
		/** Name of the bundle in the store that jobs draw cells from. */
		model: z.string().min(1).default("default"),
		/** Jobs that run at once in this orchestrator. */
		maxRunning: z.number().int().min(1).max(256).default(4),
		/** Whether jobs that an earlier process left behind go on at once, or only when somebody asks about jobs. */
		resumeAtStart: z.boolean().default(true),
		/** Threads of a training of the sequence generator. */
		trainingThreads: z.number().int().min(1).max(256).default(2),
		/** A job that no orchestrator has run for this long is taken over, in milliseconds. */
		takeoverMs: z.number().int().min(100).default(6_000),
	})
	.prefault({});

const exportSettings = z
	.strictObject({
		/** Largest ONNX file that ExportNetwork writes, in bytes. */
		maxBytes: z
			.number()
			.int()
			.min(1)
			.default(100 * 2 ** 20),
		/** Exports at once; each is a process that needs some four times the memory of its file, and holds the file in the temporary folder. */
		atOnce: z.number().int().min(1).max(64).default(2),
		/** Exports that may wait; more are refused with RESOURCE_EXHAUSTED. */
		waiting: z.number().int().min(0).default(32),
	})
	.prefault({});

/** Settings of the service. */
export const orchestratorSettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50050),
	/** Folder of the model store. */
	models: z.string().min(1).default("models"),
	upstream: upstreamSettings,
	jobs: jobSettings,
	scoring: scoringSettings,
	exports: exportSettings,
});

/** Settings of the service, validated. */
export type OrchestratorSettings = z.output<typeof orchestratorSettings>;

/** How networks are scored. */
export type ScoringSettings = OrchestratorSettings["scoring"];
