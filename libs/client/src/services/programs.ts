/** The five services in the order they start; the orchestrator needs the others. */
export const SERVICES = ["zc-proxy", "gvae", "ccnf", "seqgen", "orchestrator"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** All programs that `archgen serve` starts by name: the services, the one that samples whole architectures, and the JSON gateway before them. */
export const PROGRAMS = [...SERVICES, "diffusion", "web"] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/** Ports where programs listen unless told otherwise. */
export const DEFAULT_PORTS: { readonly [S in ProgramName]: number } = {
	orchestrator: 50050,
	"zc-proxy": 50051,
	gvae: 50052,
	ccnf: 50053,
	seqgen: 50054,
	diffusion: 50055,
	web: 50080,
};

/** Flag of the orchestrator and of the gateway that names another service's address. */
export const UPSTREAM_FLAGS: { readonly [S in Exclude<ServiceName, "orchestrator">]: string } = {
	"zc-proxy": "--upstream-zc-proxy",
	gvae: "--upstream-gvae",
	ccnf: "--upstream-ccnf",
	seqgen: "--upstream-seqgen",
};

/** Flags by which the gateway learns where the services are. */
export function gatewayFlags(addresses: Readonly<Record<ServiceName, string>>): string[] {
	const flags = { ...UPSTREAM_FLAGS, orchestrator: "--upstream-orchestrator" };
	return SERVICES.flatMap((name) => [flags[name], addresses[name]]);
}

/** A program that can be started: a service and the JavaScript file that runs it. */
export interface Program {
	readonly name: ProgramName;
	/** Path of the file that Node runs. */
	readonly file: string;
}
