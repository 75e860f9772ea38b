import { ccnfSettings } from "@archgen/ccnf-service";
import { connectionOf } from "@archgen/client";
import { diffusionSettings } from "@archgen/diffusion-service";
import { gvaeSettings } from "@archgen/gvae-service";
import { orchestratorSettings } from "@archgen/orchestrator-service";
import { parseCondition, parseConditionTarget, parseGuide } from "@archgen/pipeline";
import { loadConfig, readTokens, serverConfig, serverSettings } from "@archgen/rpc";
import { seqgenSettings } from "@archgen/seqgen-service";
import { parseBytes, parseCount } from "@archgen/text";
import { webSettings } from "@archgen/web-service";
import { zcProxySettings } from "@archgen/zc-proxy-service";
import { each, ofFile, ofText, type Readers } from "../reader.js";
import { bytesOf, CERTIFICATE, jsonBytes } from "../samples.js";

const SETTINGS = {
	ccnfSettings,
	diffusionSettings,
	gvaeSettings,
	orchestratorSettings,
	seqgenSettings,
	webSettings,
	zcProxySettings,
};

/** Readers of settings, secrets and options. */
export const READERS = {
	profiles: ofFile(
		"profiles.json",
		[jsonBytes({ a: { address: "localhost:1" }, b: { address: "b:2", ca: "system" } })],
		(path) => connectionOf({ profile: "a" }, { ARCHGEN_PROFILES: path }, "localhost:1"),
	),
	token: ofFile("token", [bytesOf("0123456789abcdef\n")], (path) =>
		each([
			() => readTokens("tokenFiles", [path]),
			() => connectionOf({ tokenFile: path }, {}, "localhost:1"),
		]),
	),
	certificate: ofFile("certificate.pem", [bytesOf(CERTIFICATE)], (path) => {
		const tls = { certificateFile: path, privateKeyFile: path, clientAuthorityFile: path };
		return serverConfig(serverSettings.parse({ tls }));
	}),
	settings: ofFile(
		"settings.json",
		[jsonBytes({ host: "127.0.0.1", port: 0, limits: { drainMs: 1000 }, tokens: ["0123456789abcdef"] })],
		(path) =>
			each(
				Object.values(SETTINGS).map(
					(schema) => () => loadConfig(schema as typeof serverSettings, { flags: ["--config", path] }),
				),
			),
	),
	variables: ofText(
		["ARCHGEN_PORT=0\nARCHGEN_LIMITS_DRAIN_MS=10\nARCHGEN_TOKENS=0123456789abcdef,x"],
		(text) => {
			const environment = Object.fromEntries(
				text.split("\n").map((line) => [line.split("=")[0]!, line.slice(line.indexOf("=") + 1)]),
			);
			delete environment.ARCHGEN_CONFIG;
			return each(
				Object.values(SETTINGS).map(
					(schema) => () => loadConfig(schema as typeof serverSettings, { environment }),
				),
			);
		},
	),
	options: ofText(
		["450M", "1.5 MB", "768 KiB", "c10_val=10000", "c10_val=top", "c10_val=top:0.05", "ms=within:3"],
		(text) =>
			each(
				[parseCount, parseBytes, parseGuide, parseCondition, parseConditionTarget].map(
					(parse) => () => parse(text),
				),
			),
	),
} satisfies Readers;
