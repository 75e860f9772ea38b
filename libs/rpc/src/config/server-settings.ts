import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { invalidArgument } from "@archgen/errors";
import { z } from "zod";
import type { ServerConfig } from "../server/create-server.js";
import type { ServerTls } from "../server/credentials.js";
import { DEFAULT_LIMITS, type ServerLimits } from "../server/limits.js";

const count = (least: number) => z.number().int().min(least);
const limit = (name: Exclude<keyof ServerLimits, "maxConnectionAgeGraceMs">, least: number, about: string) =>
	count(least).default(DEFAULT_LIMITS[name]).describe(about);

/** Settings of {@link DEFAULT_LIMITS}, each with that default. */
const limitSettings = z
	.strictObject({
		maxReceiveBytes: limit("maxReceiveBytes", 1024, "largest message that is accepted, in bytes"),
		maxSendBytes: limit("maxSendBytes", 1024, "largest message that is sent, in bytes"),
		maxConcurrentCalls: limit("maxConcurrentCalls", 1, "calls that compute at once; more are refused"),
		maxWaitingCalls: limit("maxWaitingCalls", 1, "calls that only wait, such as a watch, open at once"),
		retryAfterMs: limit("retryAfterMs", 0, "delay after which refused callers are told to retry, in ms"),
		maxConnections: limit("maxConnections", 1, "connections open at once"),
		maxCallsPerConnection: limit("maxCallsPerConnection", 1, "calls open at once on one connection"),
		maxUnfinishedBytes: limit(
			"maxUnfinishedBytes",
			1024,
			"bytes of requests that have begun and not arrived completely, in all",
		),
		requestTimeoutMs: limit("requestTimeoutMs", 1, "time that a request has to arrive completely, in ms"),
		maxStreamIdleMs: limit(
			"maxStreamIdleMs",
			1,
			"time after which a stream on which neither side says anything is ended, in ms",
		),
		maxConnectionIdleMs: limit(
			"maxConnectionIdleMs",
			1000,
			"time after which a connection without calls is closed, in ms",
		),
		keepaliveMs: limit("keepaliveMs", 1000, "interval of pings that find dead connections, in ms"),
		maxConnectionAgeMs: limit(
			"maxConnectionAgeMs",
			1000,
			"age at which a connection is closed so that callers spread over new instances, in ms",
		),
		maxConnectionAgeGraceMs: count(0)
			.optional()
			.describe("time that calls on a connection of that age may still take, in ms; never cut unless given"),
		drainMs: limit("drainMs", 0, "time that running calls may take after SIGTERM, in ms"),
	})
	.prefault({});

const token = z.string().min(16, "a token needs at least 16 characters");

const tlsSettings = z.strictObject({
	certificateFile: z
		.string()
		.min(1)
		.describe("PEM file of the certificate, with those of the authorities between."),
	privateKeyFile: z.string().min(1).describe("PEM file of the certificate's private key."),
	clientAuthorityFile: z
		.string()
		.min(1)
		.optional()
		.describe("Authority that callers' certificates must be signed by; turns mutual TLS on."),
});

/** Settings that every service has; a service extends them with its own. */
export const serverSettings = z.strictObject({
	host: z
		.string()
		.min(1)
		.default("127.0.0.1")
		.describe("Host to bind; off loopback TLS and tokens are needed."),
	port: z.number().int().min(0).max(65535).default(0).describe("Port to bind; 0 takes a free one."),
	tls: tlsSettings.optional(),
	tokens: z.array(token).default([]).describe("bearer tokens that callers may show"),
	tokenFiles: z.array(z.string().min(1)).default([]).describe("files with one bearer token each"),
	adminTokens: z
		.array(token)
		.default([])
		.describe(
			"bearer tokens for promoting, rolling back, deleting and training; any token may, unless given",
		),
	adminTokenFiles: z.array(z.string().min(1)).default([]).describe("files with one such admin token each"),
	limits: limitSettings,
	metricsPort: z
		.number()
		.int()
		.min(0)
		.max(65535)
		.optional()
		.describe(
			"Port of the metrics for Prometheus, over plain HTTP at /metrics; 0 takes a free one, none unless given.",
		),
	metricsHost: z
		.string()
		.min(1)
		.default("127.0.0.1")
		.describe("Host to bind for metrics. They hold numbers only, so other hosts need no TLS."),
	logLevel: z
		.enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"])
		.default("info")
		.describe("Least severe level that is written to standard error."),
});

/** The settings that every service has, validated. */
export type ServerSettings = z.output<typeof serverSettings>;

/** Reads the PEM files that the settings name; throws INVALID_ARGUMENT naming the setting whose file cannot be read. */
export function readTls(tls: ServerSettings["tls"]): ServerTls | undefined {
	if (tls === undefined) return undefined;
	const certificate = readCertificate("tls.certificateFile", tls.certificateFile);
	const privateKey = readPem("tls.privateKeyFile", tls.privateKeyFile);
	requirePair(certificate, privateKey, tls);
	return {
		certificate,
		privateKey,
		...(tls.clientAuthorityFile === undefined
			? {}
			: { clientAuthority: readCertificate("tls.clientAuthorityFile", tls.clientAuthorityFile) }),
	};
}

/** Reads a file of certificates; throws INVALID_ARGUMENT naming setting and file when it holds none. */
function readCertificate(field: string, path: string): Buffer {
	const pem = readPem(field, path);
	try {
		new X509Certificate(pem);
		return pem;
	} catch {
		throw invalidArgument(field, `${path} holds no certificate in PEM form.`);
	}
}

function requirePair(
	certificate: Buffer,
	privateKey: Buffer,
	{ certificateFile, privateKeyFile }: NonNullable<ServerSettings["tls"]>,
): void {
	let key: KeyObject;
	try {
		key = createPrivateKey(privateKey);
	} catch {
		throw invalidArgument("tls.privateKeyFile", `${privateKeyFile} holds no private key in PEM form.`);
	}
	if (new X509Certificate(certificate).checkPrivateKey(key)) return;
	throw invalidArgument("tls.privateKeyFile", `${privateKeyFile} is not the key of ${certificateFile}.`);
}

/** Reads a PEM file or another secret; throws INVALID_ARGUMENT naming the setting when it cannot be read. */
export function readPem(field: string, path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (failure) {
		throw invalidArgument(field, `${path} cannot be read (${(failure as NodeJS.ErrnoException).code}).`);
	}
}

/** The part of a server's configuration that comes from settings. */
export function serverConfig(
	settings: ServerSettings,
): Pick<ServerConfig, "host" | "port" | "limits" | "tls" | "tokens" | "adminTokens"> {
	const { host, port, limits } = settings;
	const tokens = [...settings.tokens, ...readTokens("tokenFiles", settings.tokenFiles)];
	const adminTokens = [...settings.adminTokens, ...readTokens("adminTokenFiles", settings.adminTokenFiles)];
	return { host, port, limits, tokens, adminTokens, tls: readTls(settings.tls) };
}

/** Reads files that hold one token each; throws INVALID_ARGUMENT naming the setting and the file. */
export function readTokens(field: string, files: readonly string[]): string[] {
	return files.map((file) => {
		const read = token.safeParse(readPem(field, file).toString("utf8").trim());
		if (read.success) return read.data;
		throw invalidArgument(field, `${file}: ${read.error.issues[0]!.message}.`);
	});
}

/** Settings of services that answer with models. */
export const modelSettings = z.strictObject({
	models: z.string().min(1).default("models").describe("Folder of the model store."),
	model: z
		.string()
		.min(1)
		.default("default")
		.describe("Name of the bundle in the store; the version that its label `default` points to is served."),
	modelRefreshMs: count(10).default(5000).describe("How often the label is looked at, in milliseconds."),
});
