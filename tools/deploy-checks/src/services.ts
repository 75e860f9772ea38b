import { ccnfSettings } from "@archgen/ccnf-service";
import { gvaeSettings } from "@archgen/gvae-service";
import { orchestratorSettings } from "@archgen/orchestrator-service";
import { loadConfig, type ServerSettings } from "@archgen/rpc";
import { seqgenSettings } from "@archgen/seqgen-service";
import { zcProxySettings } from "@archgen/zc-proxy-service";
import type { z } from "zod";

/** Typed settings of every service that is deployed, by the name of its folder. */
export const SERVICES = {
	ccnf: ccnfSettings,
	gvae: gvaeSettings,
	orchestrator: orchestratorSettings,
	seqgen: seqgenSettings,
	"zc-proxy": zcProxySettings,
} as const;

/** Name of a service. */
export type ServiceName = keyof typeof SERVICES;
/** All names. */
export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** Port on which a service listens unless told otherwise. */
export function defaultPort(name: ServiceName): number {
	return loadConfig(SERVICES[name], {}).port;
}

/**
 * What a service makes of an environment. The variables are given as flags, because a service refuses flags that it does not
 * know but must ignore foreign variables: this is what finds misspelt ones.
 *
 * @throws INVALID_ARGUMENT naming each variable that is no setting, or whose value is refused
 */
export function settingsFrom<N extends ServiceName>(
	name: N,
	environment: Readonly<Record<string, string>>,
): z.output<(typeof SERVICES)[N]> {
	const flags = Object.entries(environment)
		.filter(([variable]) => variable.startsWith("ARCHGEN_"))
		.map(
			([variable, value]) =>
				`--${variable.slice("ARCHGEN_".length).toLowerCase().replaceAll("_", "-")}=${value}`,
		);
	return loadConfig(SERVICES[name] as z.ZodObject, { flags }) as z.output<(typeof SERVICES)[N]>;
}

/** What is wrong with settings for a server that other machines reach; empty when nothing is. */
export function exposureProblems(settings: ServerSettings): string[] {
	return [
		settings.host === "0.0.0.0" ? [] : ["it must listen on every interface"],
		settings.tls ? [] : ["TLS is missing"],
		settings.tokens.length + settings.tokenFiles.length > 0 ? [] : ["tokens are missing"],
	].flat();
}
