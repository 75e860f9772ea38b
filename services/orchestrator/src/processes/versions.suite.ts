import { setTimeout as sleep } from "node:timers/promises";
import { FolderModelStore } from "@archgen/models";
import { createClient, orchestrator, statusToError } from "@archgen/rpc";
import { beforeAll, expect, test } from "vitest";
import { putSample } from "../../../../libs/models/testing/sample-bundle.js";
import { type GenerationBench, SPEC } from "../../testing/generation-bench.js";

/** Versions of the model: listed, swapped under load, judged before they are promoted. */
export function versionsSuite(benchOf: () => GenerationBench): void {
	let bench: GenerationBench;
	beforeAll(() => {
		bench = benchOf();
	});

	test("a model lists its generators", async () => {
		const request = orchestrator.GetModelRequest.fromPartial({ name: "models/default/versions/1" });
		const { model } = await new Promise<orchestrator.GetModelResponse>((resolve, reject) => {
			bench.client.getModel(request, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
		});
		expect(model?.generators).toMatchObject([
			{ name: "flow", kind: "flow", space: "cells" },
			{ name: "gpt-neo", kind: "gpt-neo", space: "hierarchical" },
		]);
		const paths = model!.files.map(({ path }) => path);
		for (const { files } of model!.generators) expect(paths).toEqual(expect.arrayContaining(files));
	});

	test("models are listed and described", async () => {
		const list = await new Promise<orchestrator.ListModelsResponse>((resolve, reject) => {
			bench.client.listModels({ pageSize: 1, pageToken: "" }, (failure, reply) =>
				failure ? reject(failure) : resolve(reply),
			);
		});
		expect(list.models).toMatchObject([
			{ name: "models/default/versions/1", labels: ["default"], metrics: { loss: 1 } },
		]);
		expect(list.nextPageToken).toBe("");
		const get = (name: string) =>
			new Promise((resolve) => {
				bench.client.getModel({ name }, (failure, reply) =>
					resolve(failure ? statusToError(failure).category : reply.model?.name),
				);
			});
		expect(await get("models/default/versions/default")).toBe("models/default/versions/1");
		expect(await get("models/default/versions/7")).toBe("NOT_FOUND");
		expect(await get("default")).toBe("INVALID_ARGUMENT");
	});

	test("ten swaps of the served version under 20 requests a second: no request fails, none is mixed", async () => {
		const admin = createClient(orchestrator.OrchestratorServiceService, { address: bench.address });
		const store = new FolderModelStore(bench.models.folder);
		await putSample(store, "2");
		const name = (version: string) => `models/default/versions/${version}`;
		await expect(admin.rollbackModel({ name: "models/default" })).rejects.toMatchObject({
			reason: "NOTHING_TO_ROLL_BACK",
		});
		await expect(admin.promoteModel({ name: name("9"), ifNotWorse: false })).rejects.toMatchObject({
			reason: "MODEL_NOT_FOUND",
		});
		const answers: Promise<orchestrator.GenerationResult>[] = [];
		let inFlight = 0;
		const load = setInterval(() => {
			// On a busy machine fewer: the service refuses what is too much for it, and that is not what this is about.
			if (inFlight >= 20) return;
			const seed = BigInt(answers.length);
			inFlight += 1;
			const answer = bench.unary({ ...SPEC, candidates: 1, topK: 1, skipScoring: true, seed });
			answers.push(answer.finally(() => inFlight--));
		}, 50);
		for (let swap = 0; swap < 10; swap++) {
			const version = swap % 2 === 0 ? "2" : "1";
			const reply = await (swap === 9
				? admin.rollbackModel({ name: "models/default" })
				: admin.promoteModel({ name: name(version), ifNotWorse: false }));
			expect(reply.model?.name).toBe(name(version));
			await sleep(200);
		}
		clearInterval(load);
		const versions = (await Promise.all(answers)).map(({ provenance }) =>
			Object.values(provenance!.modelVersions).map(({ version }) => version),
		);
		expect(versions.length).toBeGreaterThan(20);
		for (const parts of versions) expect(new Set(parts).size).toBe(1);
		expect(new Set(versions.flat())).toEqual(new Set(["1", "2"]));
		admin.close();
	}, 180_000);

	test("a version is compared with the one that answers, and refused when it has forgotten or finds worse networks", async () => {
		const admin = createClient(orchestrator.OrchestratorServiceService, { address: bench.address });
		const store = new FolderModelStore(bench.models.folder);
		const served = await store.open("default", { label: "default" });
		const contents = served.manifest.files.map(({ path }) => ({ path, from: served.locate(path) }));
		const put = (version: string, before: number, after: number) =>
			store.put(
				{
					name: "default",
					version,
					trainedOn: { refresh: { base: served.manifest.version } },
					metrics: { "seqgen.heldOutLossOfBase": before, "seqgen.heldOutLoss": after },
				},
				contents,
			);
		await put("forgetful", 1, 1.5);
		await put("twin", 1, 0.9);
		const promote = (version: string) =>
			admin.promoteModel({ name: `models/default/versions/${version}`, ifNotWorse: true });
		await expect(promote("forgetful")).rejects.toMatchObject({
			category: "FAILED_PRECONDITION",
			reason: "WORSE_THAN_SERVED",
			message: expect.stringContaining("rose from 1.000 to 1.500"),
		});
		expect(await store.labelled("default", "default")).toBe(served.manifest.version);
		const { comparisons, previousVersion } = await promote("twin");
		expect(previousVersion).toBe(served.manifest.version);
		expect(comparisons).toHaveLength(5);
		for (const { before, after } of comparisons) expect(after).toBe(before);
		expect(comparisons.some(({ before }) => before !== undefined)).toBe(true);
		await admin.rollbackModel({ name: "models/default" });
		admin.close();
	}, 300_000);
}
