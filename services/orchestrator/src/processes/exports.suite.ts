import { countOnnx, countTflite, networkToProject } from "@archgen/exporters";
import { common, orchestrator, statusToError } from "@archgen/rpc";
import { countNetwork } from "@archgen/search-space";
import { networkFromMessage } from "@archgen/wire";
import { unzipSync } from "fflate";
import { beforeAll, expect, test } from "vitest";
import { type GenerationBench, SPEC, type Spec } from "../../testing/generation-bench.js";

/** Files of generated networks, and bounds recounted from them. */
export function exportsSuite(benchOf: () => GenerationBench): void {
	let bench: GenerationBench;
	beforeAll(() => {
		bench = benchOf();
	});

	test("networks come back inside their bounds, recounted from the exported ONNX file", async () => {
		const constraints = { maxFlopCount: 60_000_000n, minMacCount: 1000n, maxParameterCount: 2_000_000n };
		const { progress, result } = await bench.stream({ ...SPEC, constraints });
		expect(result.reason).toBe("");
		expect(result.networks.length).toBeGreaterThan(0);
		expect(progress.at(-1)?.step).toBe(orchestrator.GenerationStep.GENERATION_STEP_SCORING);
		const scores = result.networks.map(({ scores }) => scores.tcet_fit!);
		expect(scores).toEqual([...scores].sort((a, b) => b - a));
		for (const { network, counts, margins } of result.networks) {
			const files = await bench.exportAll({
				network,
				formats: [orchestrator.ExportFormat.EXPORT_FORMAT_ONNX],
			});
			const recounted = countOnnx(new Uint8Array(files.get("network.onnx")!));
			expect(recounted).toMatchObject(countNetwork(networkFromMessage(network!, "network")));
			expect(BigInt(recounted.flopCount)).toBe(counts?.flopCount);
			expect(recounted.flopCount).toBeLessThanOrEqual(Number(constraints.maxFlopCount));
			expect(recounted.macCount).toBeGreaterThanOrEqual(Number(constraints.minMacCount));
			expect(recounted.parameterCount).toBeLessThanOrEqual(Number(constraints.maxParameterCount));
			// the usual depth of the image is a bound too
			const { CONSTRAINT_KIND_MAX_DEPTH: depth } = common.ConstraintKind;
			expect(margins).toHaveLength(4);
			expect(margins.find(({ kind }) => kind === depth)).toMatchObject({ limit: 30n });
			expect(margins.every(({ relativeMargin }) => relativeMargin >= 0)).toBe(true);
		}
		expect(Object.keys(result.provenance?.modelVersions ?? {}).sort()).toEqual(["ccnf", "gvae", "seqgen"]);
		expect(result.provenance).toMatchObject({ seed: 1n, batchSize: 8, scoringInputSize: 32 });
		expect(result.provenance?.cellGenerator).toBe("flow");
	});

	const M = 1_000_000n;
	test.each<[number, number, NonNullable<Spec>["constraints"]]>([
		[16, 2, { maxFlopCount: 20n * M }],
		[32, 100, { maxMacCount: 60n * M }],
		[64, 1000, { maxParameterCount: 3n * M, minFlopCount: 10n * M }],
		[224, 1000, { maxFlopCount: 450n * M, maxMacCount: 200n * M, maxParameterCount: 2n * M }],
		[512, 10, { maxFlopCount: 3000n * M, minMacCount: 20n * M, minParameterCount: 2000n }],
		[
			48,
			100_000,
			{
				minFlopCount: M,
				maxFlopCount: 300n * M,
				minMacCount: M,
				maxMacCount: 100n * M,
				maxParameterCount: 20n * M,
			},
		],
		[33, 7, {}],
	])("%i pixels, %i classes, bounds %o: every network recounted within them", async (inputSize, classCount, constraints) => {
		const spec = { ...SPEC, inputSize, classCount, candidates: 12, topK: 3, skipScoring: true, constraints };
		const { networks, reason } = await bench.unary(spec);
		expect(networks.length, reason).toBeGreaterThan(0);
		for (const { network } of networks) {
			expect(network).toMatchObject({ inputSize, classCount });
			const files = await bench.exportAll({
				network,
				formats: [orchestrator.ExportFormat.EXPORT_FORMAT_ONNX],
			});
			const recounted = countOnnx(new Uint8Array(files.get("network.onnx")!));
			for (const [name, bound] of Object.entries(constraints ?? {}) as [string, bigint][]) {
				const [, side, first, rest] = /^(max|min)(.)(.*)$/.exec(name)!;
				const count = BigInt(recounted[`${first!.toLowerCase()}${rest}` as "flopCount"]);
				expect(side === "max" ? count <= bound : count >= bound, `${name} ${bound}, but ${count}`).toBe(true);
			}
		}
	});

	test("a project is an archive with what export --format project writes", async () => {
		const { networks } = await bench.unary({
			...SPEC,
			skipScoring: true,
			constraints: { maxFlopCount: 60_000_000n },
		});
		const { network, margins } = networks[0]!;
		const formats = [orchestrator.ExportFormat.EXPORT_FORMAT_PROJECT];
		const known = { scores: { tcet: 123.5 }, margins, provenance: { seed: "1 | 2" } };
		const files = await bench.exportAll({ network, formats, ...known });
		const unpacked = unzipSync(files.get("network.zip")!);
		const text = (name: string) => new TextDecoder().decode(unpacked[`network/${name}`]);
		const expected = networkToProject(networkFromMessage(network!, "network"));
		for (const [name, content] of expected) if (name !== "README.md") expect(text(name)).toBe(content);
		expect(Object.keys(unpacked)).toHaveLength(expected.size);
		expect(text("README.md")).toContain("| `tcet` | 123.500 |");
		expect(text("README.md")).toContain("| `maxFlopCount` | 60,000,000 |");
		expect(text("README.md")).toContain("seed 1   2");
		const long = bench.exportAll({ network, formats, provenance: { text: "x".repeat(201) } });
		await expect(long).rejects.toThrow(/provenance/);
	});

	test("every format is exported, in pieces", async () => {
		const { networks } = await bench.unary({
			...SPEC,
			skipScoring: true,
			constraints: { maxFlopCount: 60_000_000n },
		});
		const { ExportFormat } = orchestrator;
		const formats = [
			ExportFormat.EXPORT_FORMAT_ONNX,
			ExportFormat.EXPORT_FORMAT_PYTORCH,
			ExportFormat.EXPORT_FORMAT_JSON,
			ExportFormat.EXPORT_FORMAT_SVG,
			ExportFormat.EXPORT_FORMAT_TFLITE,
		];
		const files = await bench.exportAll({ network: networks[0]!.network, formats });
		expect([...files.keys()]).toEqual([
			"network.onnx",
			"network.py",
			"network.json",
			"network.svg",
			"network.tflite",
		]);
		const network = networkFromMessage(networks[0]!.network!, "network");
		const { macCount, layerCount } = countNetwork(network);
		expect(countTflite(files.get("network.tflite")!)).toMatchObject({ macCount, layerCount });
		const twice = bench.exportAll({ network: networks[0]!.network, formats: [formats[0]!, formats[0]!] });
		expect(statusToError(await twice.catch((error) => error)).violations[0]?.field).toBe("formats[1]");
	});

	test("an export that is too large is refused with the figure, and files without weights still come", async () => {
		const { networks } = await bench.unary({ ...SPEC, candidates: 1, topK: 1, skipScoring: true });
		const network = { ...networks[0]!.network!, classCount: 100_000, finalChannels: 1024 };
		const { EXPORT_FORMAT_ONNX, EXPORT_FORMAT_TFLITE, EXPORT_FORMAT_JSON } = orchestrator.ExportFormat;
		for (const [format, name] of [
			[EXPORT_FORMAT_ONNX, "onnx"],
			[EXPORT_FORMAT_TFLITE, "tflite"],
		] as const) {
			const large = bench.exportAll({ network, formats: [EXPORT_FORMAT_JSON, format] });
			expect(statusToError(await large.catch((error) => error))).toMatchObject({
				category: "INVALID_ARGUMENT",
				reason: "EXPORT_TOO_LARGE",
				message: expect.stringMatching(`weights of \\d+ MiB, .* at most 100 MiB; leave ${name} out`),
			});
		}
		expect([...(await bench.exportAll({ network, formats: [EXPORT_FORMAT_JSON] })).keys()]).toEqual([
			"network.json",
		]);
		const small = Array.from({ length: 8 }, () =>
			bench.exportAll({ network: networks[0]!.network!, formats: [EXPORT_FORMAT_JSON] }),
		);
		const contents = (await Promise.all(small)).map((files) => files.get("network.json")!.toString());
		expect(new Set(contents).size).toBe(1);
	});
}
