import { readFileSync } from "node:fs";
import { invalidArgument } from "@archgen/errors";
import { z } from "zod";
import type { ServerConfig } from "../server/create-server.js";
import type { ServerTls } from "../server/credentials.js";
import { DEFAULT_LIMITS } from "../server/limits.js";

const count = (least: number) => z.number().int().min(least);

/** Settings of {@link DEFAULT_LIMITS}, each with that default. */
const limitSettings = z
	.strictObject({
		maxReceiveBytes: count(1024).default(DEFAULT_LIMITS.maxReceiveBytes),
		maxSendBytes: count(1024).default(DEFAULT_LIMITS.maxSendBytes),
		maxConcurrentCalls: count(1).default(DEFAULT_LIMITS.maxConcurrentCalls),
		retryAfterMs: count(0).default(DEFAULT_LIMITS.retryAfterMs),
		maxConnectionAgeMs: count(1000).default(DEFAULT_LIMITS.maxConnectionAgeMs),
		maxConnectionAgeGraceMs: count(0).default(DEFAULT_LIMITS.maxConnectionAgeGraceMs),
		drainMs: count(0).default(DEFAULT_LIMITS.drainMs),
	})
	.prefault({});

const tlsSettings = z.strictObject({
	/** PEM files. */
	certificateFile: z.string().min(1),
	privateKeyFile: z.string().min(1),
	/** Authority that callers' certificates must be signed by; turns mutual TLS on. */
	clientAuthorityFile: z.string().min(1).optional(),
});

/** Settings that every service has; a service extends them with its own. */
export const serverSettings = z.strictObject({
	host: z.string().min(1).default("127.0.0.1"),
	port: z.number().int().min(0).max(65535).default(0),
	tls: tlsSettings.optional(),
	tokens: z.array(z.string().min(16, "a token needs at least 16 characters")).default([]),
	limits: limitSettings,
	logLevel: z.enum(["silent", "fatal", "error", "warn", "info", "debug", "trace"]).default("info"),
});

/** The settings that every service has, validated. */
export type ServerSettings = z.output<typeof serverSettings>;

/** Reads the PEM files that the settings name; throws INVALID_ARGUMENT naming the setting whose file cannot be read. */
export function readTls(tls: ServerSettings["tls"]): ServerTls | undefined {
	return (
		tls && {
			certificate: readPem("tls.certificateFile", tls.certificateFile),
			privateKey: readPem("tls.privateKeyFile", tls.privateKeyFile),
			...(tls.clientAuthorityFile === undefined
				? {}
				: { clientAuthority: readPem("tls.clientAuthorityFile", tls.clientAuthorityFile) }),
		}
	);
}

/** Reads a PEM file; throws INVALID_ARGUMENT naming the setting when it cannot be read. */
export function readPem(field: string, path: string): Buffer {
	try {
		return readFileSync(path);
	} catch {
		throw invalidArgument(field, `${path} cannot be read.`);
	}
}

/** The part of a server's configuration that comes from settings. */
export function serverConfig(
	settings: ServerSettings,
): Pick<ServerConfig, "host" | "port" | "limits" | "tls" | "tokens"> {
	const { host, port, limits, tokens } = settings;
	return { host, port, limits, tokens, tls: readTls(settings.tls) };
}

/** Settings of services that answer with models. */
export const modelSettings = z.strictObject({
	/** Folder of the model store. */
	models: z.string().min(1).default("models"),
	/** Name of the bundle in the store; the version that its label `default` points to is served. */
	model: z.string().min(1).default("default"),
	/** How often the label is looked at, in milliseconds. */
	modelRefreshMs: count(10).default(5000),
});
