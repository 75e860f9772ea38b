import { rm } from "node:fs/promises";
import { join } from "node:path";
import { peakActivationBytes } from "@archgen/latency";
import { createRandom } from "@archgen/random";
import { createClient, orchestrator, zcproxy } from "@archgen/rpc";
import { randomCell } from "@archgen/search-space";
import { cellFromMessage, cellToMessage, evaluateNetwork, networkFromMessage } from "@archgen/wire";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { diffusionFiles, putSample } from "../../../../libs/models/testing/sample-bundle.js";
import { type GenerationBench, SPEC } from "../../testing/generation-bench.js";

/** Answers of five processes: seeds, generators of cells, scores, synonyms, bounds that nothing meets. */
export function answersSuite(benchOf: () => GenerationBench): void {
	let bench: GenerationBench;
	beforeAll(() => {
		bench = benchOf();
	});

	test("candidates outside the bounds are shown where they are asked for", async () => {
		const spec = { ...SPEC, skipScoring: true, constraints: { minFlopCount: 3_000_000_000n } };
		expect((await bench.unary(spec)).outside).toEqual([]);
		const { outside, networks } = await bench.unary({ ...spec, outsideLimit: 5 });
		expect(networks.length + outside.length).toBeGreaterThan(0);
		expect(outside.length).toBeLessThanOrEqual(5);
		for (const { counts, margins, network, peakActivationBytes: bytes } of outside) {
			expect(counts!.flopCount).toBeLessThan(3_000_000_000n);
			expect(margins[0]!.relativeMargin).toBeLessThan(0);
			expect(Number(bytes)).toBe(peakActivationBytes(networkFromMessage(network!, "network")));
		}
		for (const { network, peakActivationBytes: bytes } of networks)
			expect(Number(bytes)).toBe(peakActivationBytes(networkFromMessage(network!, "network")));
		await expect(bench.unary({ ...spec, outsideLimit: 201 })).rejects.toThrow(/outside_limit/);
	});

	test("a request names the generator of its cells", async () => {
		const spec = { ...SPEC, skipScoring: true };
		const own = await bench.unary({ ...spec, cellGenerator: "flow" });
		expect(own.networks).toEqual((await bench.unary(spec)).networks);
		const random = await bench.unary({ ...spec, cellGenerator: "random" });
		expect(random.networks.length).toBeGreaterThan(0);
		expect(random.networks).not.toEqual(own.networks);
		expect(random.provenance).toMatchObject({ cellGenerator: "random" });
		expect(Object.keys(random.provenance!.modelVersions)).toEqual(["seqgen"]);
	});

	test("diffusions of the version that answers draw cells of requests and synonyms", async () => {
		const { store, folder } = bench.models;
		await putSample(store, "8", await diffusionFiles());
		onTestFinished(() => rm(join(folder, "default", "8"), { recursive: true }));
		const spec = { ...SPEC, skipScoring: true, modelVersion: "8" };
		for (const cellGenerator of ["discrete"]) {
			const own = await bench.unary({ ...spec, cellGenerator });
			expect(own.networks.length).toBeGreaterThan(0);
			expect(own.provenance).toMatchObject({ cellGenerator });
			expect((await bench.unary({ ...spec, cellGenerator })).networks).toEqual(own.networks);
			expect((await bench.unary(spec)).networks).not.toEqual(own.networks);
			const cell = cellToMessage(randomCell(createRandom(3)));
			const message = { cell, count: 3, cellGenerator, modelVersion: "8" };
			const found = await new Promise<orchestrator.SampleSynonymsResponse>((resolve, reject) => {
				bench.client.sampleSynonyms(
					orchestrator.SampleSynonymsRequest.fromPartial(message),
					(failure, reply) => (failure ? reject(failure) : resolve(reply)),
				);
			});
			expect(found.synonyms).toHaveLength(3);
		}
		await expect(bench.unary({ ...spec, cellGenerator: "flwo" })).rejects.toThrow(
			/flow, score, discrete, random/,
		);
	});

	test("synonyms of a cell are distinct cells, nearest first, by every generator", async () => {
		const cell = cellToMessage(randomCell(createRandom(3)));
		const ask = (cellGenerator: string, seed = 1n) => {
			const message = { cell, count: 5, cellGenerator, seed };
			const request = orchestrator.SampleSynonymsRequest.fromPartial(message);
			return new Promise<orchestrator.SampleSynonymsResponse>((resolve, reject) => {
				bench.client.sampleSynonyms(request, (failure, reply) =>
					failure ? reject(failure) : resolve(reply),
				);
			});
		};
		for (const generator of ["flow", "random"]) {
			const { synonyms, cellGenerator, modelVersions } = await ask(generator);
			expect(cellGenerator).toBe(generator);
			expect(Object.keys(modelVersions)).toContain("gvae");
			const distances = synonyms.map(({ distance }) => distance);
			expect(distances).toEqual([...distances].sort((a, b) => a - b));
			const hashes = synonyms.map((synonym) => cellFromMessage(synonym.cell!, "cell").hash);
			expect(new Set([...hashes, cell.hash]).size).toBe(hashes.length + 1);
			expect((await ask(generator)).synonyms).toEqual(synonyms);
		}
		const { synonyms } = await ask("random");
		expect(synonyms).toHaveLength(5);
		expect((await ask("random", 2n)).synonyms).not.toEqual(synonyms);
	});

	test("a score can be computed again from what the answer says", async () => {
		const { networks, provenance } = await bench.unary({
			...SPEC,
			...{ inputSize: 48, candidates: 2, topK: 1, constraints: { maxFlopCount: 60_000_000n } },
		});
		const { seed, batchSize, scoringInputSize: size } = provenance!;
		expect(size).toBe(32);
		const network = networkFromMessage(networks[0]!.network!, "network");
		const zcProxy = createClient(zcproxy.ZcProxyServiceService, {
			address: bench.services["zc-proxy"].address,
		});
		const proxies = ["tcet_fit", "expected_accuracy", "tcet", "naswot", "snip_ssnr"];
		const scaled = { ...network, input: { ...network.input, size } };
		const outcome = await evaluateNetwork(zcProxy, scaled, { proxies, batchSize, seed });
		zcProxy.close();
		expect(outcome).toMatchObject({ $case: "score", value: { dataIdentity: provenance!.dataIdentity } });
		const { values } = outcome!.value as zcproxy.Score;
		const byName = Object.entries(values).map(([name, { outcome }]) => [name, outcome?.value]);
		expect(Object.fromEntries(byName)).toEqual(networks[0]!.scores);
	});

	test("the same seed gives the same networks, streamed or not", async () => {
		const spec = { ...SPEC, skipScoring: true, constraints: { maxFlopCount: 60_000_000n } };
		const [first, second, other] = [
			await bench.unary(spec),
			(await bench.stream(spec)).result,
			await bench.unary({ ...spec, seed: 2n }),
		];
		expect(first.networks).toEqual(second.networks);
		expect(first.networks).not.toEqual(other.networks);
		expect(first.networks.every(({ scores }) => Object.keys(scores).length === 0)).toBe(true);
		expect(first.provenance).toMatchObject({ batchSize: 0, dataIdentity: "" });
	});

	test("bounds that nothing meets are a result with a reason", async () => {
		const result = await bench.unary({
			...SPEC,
			constraints: { maxFlopCount: 600_000n, minParameterCount: 50_000_000n },
		});
		expect(result.networks).toEqual([]);
		expect(result.reason).not.toBe("");
		expect(result.closest?.margins.some(({ relativeMargin }) => relativeMargin < 0)).toBe(true);
	});
}
