import { join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import {
	DEFAULT_SCALES,
	DEFAULT_SEQUENCE_TRAINING,
	type Exemplar,
	extendVocabulary,
	type GptNeoConfig,
	readGptNeoConfig,
	readPretrained,
	readVocabulary,
	type SequenceExample,
	type SequenceModel,
	type SequenceSplit,
	type SequenceTrainingConfig,
	servedWeights,
	splitExamples,
	Vocabulary,
} from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import { readKeptExamples } from "../bundle/kept-examples.js";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import type { Bundle } from "../store/model-store.js";
import { refreshExamples } from "./examples.js";
import { type RefreshRequest, refreshIdentity, startsFromBase } from "./refresh-request.js";
import { rehearsed } from "./rehearsal.js";

/** All that a refresh does, decided before it begins. */
export interface RefreshPlan {
	readonly config: SequenceTrainingConfig;
	readonly split: SequenceSplit;
	/** SHA-256 of all that decides the result. */
	readonly identity: string;
	readonly exemplars?: readonly Exemplar[];
	/** Weights to start from, by Hugging Face's names. */
	readonly pretrained?: ReadonlyMap<string, Float32Array>;
	/** The generator that training goes on from, and what was held out from it; without examples of the base there is nothing to compare by. */
	readonly before?: { readonly model: SequenceModel; readonly heldOut: readonly SequenceExample[] };
}

/** @throws INVALID_ARGUMENT for histories without a use, and for a pretrained model with other tokens of ours */
export async function planOf(
	pool: SessionPool,
	request: RefreshRequest,
	base: Bundle,
	signal: AbortSignal | undefined,
): Promise<RefreshPlan> {
	const seqgen = join(base.folder, BUNDLE_LAYOUT.seqgen);
	const { examples, exemplars } = await refreshExamples(pool, request, base, signal);
	const own = (await readVocabulary(seqgen)).config;
	const goesOn = startsFromBase(request);
	const wanted = {
		...own,
		...(exemplars && { clusters: exemplars.length }),
		// fresh weights can learn every field of a condition; those of the base know the fields that it had
		...(!goesOn && { scales: DEFAULT_SCALES }),
	};
	const vocabulary =
		request.pretrained === undefined ? wanted : await extendVocabulary(request.pretrained, wanted);
	if (vocabulary.clusters !== wanted.clusters) {
		throw invalidArgument(
			"pretrained",
			`has tokens for ${vocabulary.clusters} kinds of cells, not ${wanted.clusters}; give one without tokens of ours.`,
		);
	}
	const { vocabularySize: _, ...model }: GptNeoConfig = await readGptNeoConfig(request.pretrained ?? seqgen);
	const config = { ...DEFAULT_SEQUENCE_TRAINING, ...request.training, vocabulary, model };
	const random = createRandom(config.seed).fork("jobs");
	const fresh = splitExamples(examples.flat(), config.validationFraction, random);
	const known = goesOn ? await readKeptExamples(base) : undefined;
	const pretrained = goesOn ? await weightsOf(base, config) : await pretrainedOf(request);
	return {
		config,
		split: rehearsed(fresh, known),
		identity: refreshIdentity(request, config, base.manifest.version, goesOn ? undefined : pretrained),
		...(exemplars && { exemplars }),
		...(pretrained && { pretrained }),
		...(known && pretrained && { before: beforeOf(config, pretrained, known) }),
	};
}

async function pretrainedOf({ pretrained }: RefreshRequest) {
	return pretrained ? readPretrained(pretrained) : undefined;
}

async function weightsOf(base: Bundle, { vocabulary, model }: SequenceTrainingConfig) {
	const file = await base.read(`${BUNDLE_LAYOUT.seqgen}/onnx/model.onnx`);
	return servedWeights({ ...model, vocabularySize: new Vocabulary(vocabulary).size }, file);
}

function beforeOf(
	{ vocabulary: own, model }: SequenceTrainingConfig,
	parameters: ReadonlyMap<string, Float32Array>,
	{ validation: heldOut }: SequenceSplit,
): RefreshPlan["before"] {
	const vocabulary = new Vocabulary(own);
	return { model: { vocabulary, model: { ...model, vocabularySize: vocabulary.size }, parameters }, heldOut };
}
