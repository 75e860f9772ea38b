import { rm } from "node:fs/promises";
import {
	type CcnfCheckpoint,
	CcnfModel,
	exportCcnf,
	type FlowData,
	heldOutFlowMatchingLoss,
	trainCcnf as train,
} from "@archgen/ccnf";
import { GvaeModel } from "@archgen/gvae";
import { mixtureFromJson } from "@archgen/mixture";
import { createRandom } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";
import { encodeRandomCells } from "./encode-random-cells.js";
import { measureCcnf } from "./measure-ccnf.js";
import { type StageContext, type TrainingStage, trainingProgress } from "./stage.js";
import { storedForm } from "./stored-form.js";
import { loadCheckpoint, saveCheckpoint } from "./trainer-checkpoint.js";
import { fingerprint } from "./workspace.js";

/** The flow from noise to latents under a zero-cost vector. */
export const trainCcnf: TrainingStage = {
	description: "Train the conditional flow that draws latents of cells with a wanted zero-cost vector",
	run: async (context) => {
		const { work, profile, cli, workers } = context;
		const decoder = fingerprint(await work.read("gvae", "gvae", "decoder.onnx"));
		const encoder = fingerprint(await work.read("gvae", "gvae", "encoder.onnx"));
		const mixture = mixtureFromJson(await work.readJson("mixture", "mixture", "mixture.json"));
		const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
		try {
			const gvae = await GvaeModel.load(pool, work.path("gvae"));
			const data = await encodeCells(context, gvae, "latents", profile.ccnf.cells);
			const flow = await trainOrResume(
				context,
				pool,
				data,
				fingerprint("ccnf", profile.ccnf, encoder, decoder),
			);
			for (const [name, bytes] of exportCcnf(flow)) await work.write(["ccnf", name], storedForm(name, bytes));
			const model = await CcnfModel.load(pool, work.path("ccnf"));
			const { temperature, ccnf } = profile;
			const metrics = await measureCcnf(
				{ gvae, ccnf: model, mixture },
				{
					temperature,
					perCluster: ccnf.samplesPerCluster,
					random: createRandom(ccnf.config.seed).fork("measure"),
					signal: cli.signal,
				},
			);
			const heldOut = await encodeCells(context, gvae, "held-out", profile.ccnf.heldOutCells);
			const random = createRandom(ccnf.config.seed).fork("held-out loss");
			const heldOutLoss = await heldOutFlowMatchingLoss(model, heldOut, { random, signal: cli.signal });
			return { config: profile.ccnf, inputs: { encoder, decoder }, metrics: { ...metrics, heldOutLoss } };
		} finally {
			await pool.close();
		}
	},
};

async function encodeCells(
	{ profile, cli }: StageContext,
	gvae: GvaeModel,
	stream: string,
	count: number,
): Promise<FlowData> {
	cli.remark(`ccnf: encoding ${count} random cells (${stream})`);
	const random = createRandom(profile.ccnf.config.seed).fork(stream);
	return encodeRandomCells(gvae, random, count, cli.signal);
}

async function trainOrResume(context: StageContext, pool: SessionPool, data: FlowData, identity: string) {
	const { work, profile, cli, restart } = context;
	const { config, checkpointEvery } = profile.ccnf;
	const path = work.path("ccnf", "checkpoint.safetensors");
	if (restart) await rm(path, { force: true });
	const resume = await readCheckpoint(path, identity);
	const start = resume?.trainer.step ?? 0;
	const progress = trainingProgress(context, `ccnf (${config.objective})`, { total: config.steps, start });
	const save = ({ trainer, noiseNorm }: CcnfCheckpoint) =>
		saveCheckpoint(path, identity, trainer, noiseNorm && { noiseNorm: JSON.stringify(noiseNorm) });
	try {
		const { flow } = await train(pool, data, config, {
			signal: cli.signal,
			onProgress: progress.onProgress,
			checkpoint: { every: checkpointEvery, save },
			...(resume && { resume }),
		});
		return flow;
	} finally {
		progress.stop();
	}
}

async function readCheckpoint(path: string, identity: string): Promise<CcnfCheckpoint | undefined> {
	const checkpoint = await loadCheckpoint(path, identity);
	if (checkpoint === undefined) return undefined;
	const { noiseNorm } = checkpoint.metadata;
	return { trainer: checkpoint.state, ...(noiseNorm !== undefined && { noiseNorm: JSON.parse(noiseNorm) }) };
}
