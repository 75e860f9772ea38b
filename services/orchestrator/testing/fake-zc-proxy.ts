import { setTimeout as sleep } from "node:timers/promises";
import { type common, createLogger, createServer, implement, zcproxy } from "@archgen/rpc";
import { networkHash } from "@archgen/search-space";
import { networkFromMessage } from "@archgen/wire";

/** A zc-proxy service whose scores follow from the network's hash alone. */
export interface FakeZcProxy {
	readonly address: string;
	/** How often each network was asked for, by hash. */
	readonly asked: Map<string, number>;
	/** Time that one evaluation takes, in milliseconds. */
	delay: number;
	stop(): Promise<void>;
}

/** Starts it; about one network in five has no score, always the same ones. */
export async function startFakeZcProxy(port = 0): Promise<FakeZcProxy> {
	const asked = new Map<string, number>();
	const state = { delay: 0 };
	const answer = (network: common.Network): zcproxy.EvaluationResult["outcome"] => {
		const hash = networkHash(networkFromMessage(network, "network"));
		asked.set(hash, (asked.get(hash) ?? 0) + 1);
		const luck = Number.parseInt(hash.slice(0, 8), 16);
		if (luck % 5 === 0) {
			return { $case: "error", value: { code: 3, reason: "UNLUCKY", message: "No luck.", violations: [] } };
		}
		const values = valuesOf(luck);
		return { $case: "score", value: { values, counts: undefined, elapsedSeconds: 0, dataIdentity: "fake" } };
	};
	const service = implement(zcproxy.ZcProxyServiceService, {
		evaluateBatch: async ({ items, settings, requestId }, { signal }) => {
			await sleep(state.delay, undefined, { signal });
			const results = items.map(({ itemId, subject }, index) => {
				return { itemId, index, outcome: answer(subject?.value as common.Network) };
			});
			return { results, settings, requestId };
		},
		evaluateStream: async function* () {},
		listProxies: async () => ({
			proxies: Object.keys(valuesOf(0)).map((name) => zcproxy.ProxyDescription.fromPartial({ name })),
			objectives: [],
		}),
	});
	const server = await createServer({
		services: [service],
		logger: createLogger({ service: "fake", level: "silent" }),
		port,
		limits: { maxConnectionAgeMs: 600_000, drainMs: 0 },
	});
	return {
		address: server.address,
		asked,
		get delay() {
			return state.delay;
		},
		set delay(milliseconds) {
			state.delay = milliseconds;
		},
		stop: () => server.stop(),
	};
}

/** The scores of a network, by its luck. */
function valuesOf(luck: number): { readonly [proxy: string]: zcproxy.ProxyValue } {
	return {
		tcet: value(luck),
		tcet_train: value(luck),
		tcet_fit: value(luck),
		tcet_fit_size: value(luck),
		tcet_structure: value(luck),
		tcet_structure_size: value(luck),
		expected_accuracy: value(0.5),
		naswot: value(luck % 1000),
		snip_ssnr: value(luck % 100),
	};
}

function value(number: number): zcproxy.ProxyValue {
	return { outcome: { $case: "value", value: number } };
}
