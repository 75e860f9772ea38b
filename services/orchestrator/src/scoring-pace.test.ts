import { setTimeout as sleep } from "node:timers/promises";
import { type RpcClient, zcproxy } from "@archgen/rpc";
import { countNetwork } from "@archgen/search-space";
import { expect, test } from "vitest";
import { RemoteScorer } from "./scorer.js";
import { ScoringPace, scoringWork, trialNetwork } from "./scoring-pace.js";

const SETTINGS = { parallelism: 2, maxInputSize: 64, pixels: 65_536, macs: 5e9, deadlineMs: 1000 };
const NETWORKS = [32, 48, 64].map((size) => trialNetwork({ size, classes: 10 }));

/** A scorer of a service that takes 30 ms for a network, or fails. */
function scorerOf(pace: ScoringPace, fail = false): RemoteScorer {
	const evaluateBatch = async ({ items }: zcproxy.EvaluateBatchRequest) => {
		await sleep(30);
		if (fail) throw new Error("lost");
		const value = zcproxy.Score.fromPartial({ elapsedSeconds: 0.03 });
		return { results: items.map(({ itemId }) => ({ itemId, index: 0, outcome: { $case: "score", value } })) };
	};
	const zcProxy = { evaluateBatch } as unknown as RpcClient<typeof zcproxy.ZcProxyServiceService>;
	return new RemoteScorer({ zcProxy, patienceMs: 0 }, SETTINGS, 7, "tcet", pace);
}

test("work grows with images, multiply-accumulates and layers", () => {
	const { macCount, layerCount } = countNetwork(NETWORKS[0]!);
	expect(scoringWork(NETWORKS[0]!, 16)).toBe(16 * macCount + 1e7 * layerCount);
});

test("nothing is said before anything was scored, and of other objectives", () => {
	const pace = new ScoringPace();
	expect(pace.secondsFor("tcet", 100)).toBeUndefined();
	pace.note("tcet", 50, 1000);
	expect(pace.secondsFor("tcet", 100)).toBe(2);
	expect(pace.secondsFor("naswot", 100)).toBeUndefined();
});

test("a trial gives the first estimate, once", async () => {
	const pace = new ScoringPace();
	const scorer = scorerOf(pace);
	await scorer.tryPace({ size: 32, classes: 10 });
	scorer.prepare(NETWORKS);
	const all = scorer.secondsFor(NETWORKS)!;
	expect(all).toBeGreaterThan(0);
	expect(scorer.secondsFor(NETWORKS.slice(1))!).toBeLessThan(all);
	await scorer.tryPace({ size: 32, classes: 10 });
	expect(scorer.secondsFor(NETWORKS)).toBe(all);
});

test("a trial that fails leaves no estimate", async () => {
	const scorer = scorerOf(new ScoringPace(), true);
	await scorer.tryPace({ size: 32, classes: 10 });
	scorer.prepare(NETWORKS);
	expect(scorer.secondsFor(NETWORKS)).toBeUndefined();
});

test("networks that were scored give the estimate of those to come, in the next request too", async () => {
	const pace = new ScoringPace();
	const scorer = scorerOf(pace);
	scorer.prepare(NETWORKS);
	expect(scorer.secondsFor(NETWORKS)).toBeUndefined();
	for (const network of NETWORKS) await scorer.score(network);
	const next = scorerOf(pace);
	next.prepare(NETWORKS);
	// Three calls of 30 ms one after the other, on a machine that may be busy.
	expect(next.secondsFor(NETWORKS)).toBeGreaterThan(0.08);
	expect(next.secondsFor(NETWORKS)).toBeLessThan(3);
});
