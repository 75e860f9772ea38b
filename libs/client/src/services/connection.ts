import { homedir } from "node:os";
import { join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { naming, parseJson, readTextFile } from "@archgen/files";
import { type ClientConfig, waitForHealthy } from "@archgen/rpc";
import { z } from "zod";

/** Environment variables of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where and how to call, as a user gives it: an address, paths of files, the name of a profile. */
export interface ConnectionOptions {
	readonly address?: string;
	readonly ca?: string;
	readonly cert?: string;
	readonly key?: string;
	readonly tokenFile?: string;
	readonly profile?: string;
}

/** A profile: the options under their own names. */
const profileSchema = z.strictObject({
	address: z.string().optional(),
	ca: z.string().optional(),
	cert: z.string().optional(),
	key: z.string().optional(),
	tokenFile: z.string().optional(),
});

/** Environment variables of the options. */
const VARIABLES = {
	address: "ARCHGEN_ADDRESS",
	ca: "ARCHGEN_CA",
	cert: "ARCHGEN_CERT",
	key: "ARCHGEN_KEY",
	tokenFile: "ARCHGEN_TOKEN_FILE",
} as const;

const FLAGS = {
	address: "--address",
	ca: "--ca",
	cert: "--cert",
	key: "--key",
	tokenFile: "--token-file",
} as const;

type Source = z.output<typeof profileSchema>;

/**
 * Where and how to call: options win over environment variables (ARCHGEN_ADDRESS, ARCHGEN_CA, ARCHGEN_CERT, ARCHGEN_KEY, ARCHGEN_TOKEN_FILE,
 * ARCHGEN_PROFILE), these over the profile.
 *
 * @param usual address unless one is given anywhere
 * @throws INVALID_ARGUMENT naming the option whose file cannot be read
 */
export async function connectionOf(
	options: ConnectionOptions,
	environment: Environment,
	usual: string,
): Promise<ClientConfig> {
	const given = await givenBy(options, environment);
	const [authority, certificate, privateKey, token] = await Promise.all([
		given.ca === "system" ? undefined : fileOf(given, "ca"),
		fileOf(given, "cert"),
		fileOf(given, "key"),
		fileOf(given, "tokenFile"),
	]);
	if ((certificate === undefined) !== (privateKey === undefined)) {
		throw invalidArgument(certificate ? "--key" : "--cert", "is needed: certificate and key go together");
	}
	const isTls = given.ca !== undefined || certificate !== undefined;
	return {
		address: given.address ?? usual,
		...(isTls && { tls: { authority, certificate, privateKey } }),
		...(token !== undefined && { token: requireToken(token) }),
	};
}

/** Whether an address is given anywhere, so that services need not be started for a request. */
export async function hasAddress(options: ConnectionOptions, environment: Environment): Promise<boolean> {
	return (await givenBy(options, environment)).address !== undefined;
}

/** Time that a service has to say that it is there. */
const REACH_MS = 3000;

/**
 * Waits until what a connection leads to answers.
 *
 * @throws ArchgenError that names the option when it does not
 */
export function reach(connection: ClientConfig, signal?: AbortSignal): Promise<void> {
	return naming("address", "--address", () => waitForHealthy({ ...connection, timeoutMs: REACH_MS, signal }));
}

async function givenBy(options: ConnectionOptions, environment: Environment): Promise<Source> {
	const name = options.profile ?? environment.ARCHGEN_PROFILE;
	const profile = name === undefined ? {} : await readProfile(name, environment);
	const entries = (Object.keys(VARIABLES) as (keyof Source)[]).map((key) => [
		key,
		options[key] ?? (environment[VARIABLES[key]] || undefined) ?? profile[key],
	]);
	return Object.fromEntries(entries) as Source;
}

/** Paths in the file are relative to the working folder, as on the command line. */
async function readProfile(name: string, environment: Environment): Promise<Source> {
	const folder = environment.XDG_CONFIG_HOME || join(environment.HOME ?? homedir(), ".config");
	const file = environment.ARCHGEN_PROFILES ?? join(folder, "archgen", "profiles.json");
	const text = await naming("profile", "--profile", () => readTextFile(file));
	let profiles: Record<string, Source>;
	try {
		profiles = z.record(z.string(), profileSchema).parse(parseJson(text));
	} catch (cause) {
		throw invalidArgument("--profile", `${file} holds no profiles (${(cause as Error).message})`);
	}
	const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
	if (profile === undefined) {
		const known = Object.keys(profiles).join(", ") || "none";
		throw invalidArgument("--profile", `${file} has no profile "${name}"; it has ${known}`);
	}
	return profile;
}

function fileOf(given: Source, key: Exclude<keyof Source, "address">): Promise<string | undefined> {
	const path = given[key];
	if (path === undefined) return Promise.resolve(undefined);
	return naming(key, FLAGS[key], () => readTextFile(path));
}

function requireToken(text: string): string {
	const token = text.trim();
	if (/^[\x21-\x7e]+$/.test(token)) return token;
	throw invalidArgument("--token-file", "must hold one token without spaces");
}
