/** A published network: facts with their source. */
export interface Reference {
	readonly name: string;
	readonly inputSize: number;
	readonly classCount: number;
	readonly parameterCount: number;
	readonly macCount?: number;
	readonly flopCount?: number;
	/** Float32, one image. */
	readonly peakActivationBytes?: number;
	/** Published accuracy on the task, in per cent. */
	readonly accuracy?: number;
	/** Scores by proxy, comparable only with those of the setting below. */
	readonly scores?: Readonly<Record<string, number>>;
	/** Images and pixels that `scores` were computed with. */
	readonly scoredOn?: { readonly batchSize: number; readonly scoringInputSize: number };
	readonly source: string;
}

const RELEASED =
	"Xiang et al., ICML 2024: architectures released at github.com/visionbasicagent/HGENNAS (MIT), counted by this program";
const TIMM =
	"huggingface/pytorch-image-models (Apache-2.0), results-imagenet.csv: top-1, parameters and GMACs at 224 pixels; recipes differ";
const RESNET = "He et al., CVPR 2016, table 6: CIFAR-10 test error and parameters";

type Released = readonly [
	name: string,
	inputSize: number,
	classCount: number,
	parameterCount: number,
	macCount: number,
	flopCount: number,
	peakActivationBytes: number,
];

const RELEASED_NETWORKS: readonly Released[] = [
	["GraphNet 1 M parameters, 1", 32, 100, 981140, 921836992, 2018229320, 2359296],
	["GraphNet 1 M parameters, 2", 32, 100, 923412, 879470752, 1924993544, 2359296],
	["GraphNet 1 M parameters, 3", 32, 100, 970100, 918158976, 2012577224, 2359296],
	["GraphNet 1 M parameters, 4", 32, 100, 996206, 957487008, 2090291208, 2359296],
	["GraphNet 1 M parameters, 5", 32, 100, 994396, 954823360, 2084841032, 2359296],
	["GraphNet 450 M, 1", 224, 1000, 4014106, 201551184, 438186656, 3110912],
	["GraphNet 450 M, 2", 224, 1000, 4280892, 206824800, 443913936, 1103872],
	["GraphNet 450 M, 3", 224, 1000, 4726320, 206985856, 445601712, 1705984],
	["GraphNet 450 M, 4", 224, 1000, 3932368, 204624640, 440813232, 1705984],
	["GraphNet 450 M, 5", 224, 1000, 4486288, 206272000, 444154032, 1705984],
	["GraphNet 600 M, 1", 224, 1000, 7762728, 279596080, 598690640, 1906688],
	["GraphNet 600 M, 2", 224, 1000, 6667400, 272784432, 583371088, 1705984],
	["GraphNet 600 M, 3", 224, 1000, 6623932, 280289888, 596496720, 1003520],
	["GraphNet 600 M, 4", 224, 1000, 7617500, 265912112, 566846288, 1003520],
	["GraphNet 600 M, 5", 224, 1000, 6664028, 263163184, 561268560, 1003520],
];

/** Mean T-CET of five released networks each, scored by this engine in the setting of requests (docs/search.md). */
const RELEASED_MEANS = [
	["GraphNet 450 M", 174_225],
	["GraphNet 600 M", 174_574],
] as const;

/** Name, parameters in millions, MACs in billions, ImageNet top-1. */
const WELL_KNOWN: readonly (readonly [string, number, number, number])[] = [
	["MobileNetV3-Small 1.0", 2.54, 0.06, 67.636],
	["MnasNet-Small", 2.03, 0.07, 66.204],
	["MobileNetV2 0.5", 1.97, 0.1, 65.928],
	["LCNet 1.0", 2.95, 0.16, 72.13],
	["GhostNet 1.0", 5.18, 0.15, 73.958],
	["MobileNetV4-Conv-Small", 3.77, 0.19, 73.756],
	["RegNetX-200MF", 2.68, 0.2, 68.758],
	["MobileNetV3-Large 1.0", 5.48, 0.23, 75.784],
	["MixNet-S", 4.13, 0.25, 76],
	["MobileNetV2 1.0", 3.5, 0.31, 72.91],
	["MnasNet-B1", 4.38, 0.33, 74.672],
	["EfficientNet-B0", 5.29, 0.4, 77.698],
	["FBNet-C", 5.57, 0.4, 75.12],
	["RegNetY-400MF", 4.34, 0.41, 75.594],
];

/** Name, parameters in millions, CIFAR-10 test error. */
const RESNETS: readonly (readonly [string, number, number])[] = [
	["ResNet-20", 0.27, 8.75],
	["ResNet-32", 0.46, 7.51],
	["ResNet-44", 0.66, 7.17],
	["ResNet-56", 0.85, 6.97],
	["ResNet-110", 1.7, 6.43],
];

const released = RELEASED_NETWORKS.map(
	([name, inputSize, classCount, parameterCount, macCount, flopCount, peakActivationBytes]): Reference => ({
		...{ name, inputSize, classCount, parameterCount, macCount, flopCount, peakActivationBytes },
		source: RELEASED,
	}),
);

/** The published networks that answers are compared with. */
export const REFERENCES: readonly Reference[] = [
	...released,
	...RELEASED_MEANS.map(([set, tcet]): Reference => {
		const own = released.filter(({ name }) => name.startsWith(`${set},`));
		const mean = (read: (reference: Reference) => number | undefined) =>
			Math.round(own.reduce((sum, reference) => sum + (read(reference) ?? 0), 0) / own.length);
		return {
			name: `${set}, mean of ${own.length}`,
			inputSize: 224,
			classCount: 1000,
			parameterCount: mean(({ parameterCount }) => parameterCount),
			macCount: mean(({ macCount }) => macCount),
			flopCount: mean(({ flopCount }) => flopCount),
			scores: { tcet },
			scoredOn: { batchSize: 16, scoringInputSize: 64 },
			source: `${RELEASED}; T-CET as in docs/search.md`,
		};
	}),
	...WELL_KNOWN.map(
		([name, parameters, macs, accuracy]): Reference => ({
			...{ name, inputSize: 224, classCount: 1000, accuracy },
			parameterCount: Math.round(parameters * 1e6),
			macCount: Math.round(macs * 1e9),
			source: TIMM,
		}),
	),
	...RESNETS.map(
		([name, parameters, error]): Reference => ({
			...{ name, inputSize: 32, classCount: 10, accuracy: Number((100 - error).toFixed(2)) },
			parameterCount: Math.round(parameters * 1e6),
			source: RESNET,
		}),
	),
];

/** Images and outputs as requests have them; published networks classify square RGB pictures. */
export interface ReferenceTask {
	readonly inputSize: number | string;
	readonly classCount: number | string;
	readonly inputWidth?: number | string;
	readonly inputChannels?: number | string;
	readonly task?: string;
}

/** The published networks of a task; scores only where they were computed in the same setting. */
export function referencesFor(
	asked: ReferenceTask,
	scored: { readonly batchSize: number; readonly scoringInputSize: number },
): readonly Reference[] {
	if (!classifiesPictures(asked)) return [];
	return REFERENCES.filter(
		({ inputSize, classCount }) =>
			inputSize === Number(asked.inputSize) && classCount === Number(asked.classCount),
	).flatMap((reference) => {
		const { scoredOn } = reference;
		const alike =
			scoredOn === undefined ||
			(scoredOn.batchSize === scored.batchSize && scoredOn.scoringInputSize === scored.scoringInputSize);
		return alike ? [reference] : [];
	});
}

function classifiesPictures({
	inputSize,
	inputWidth = inputSize,
	inputChannels = 3,
	task = "TASK_CLASSIFICATION",
}: ReferenceTask): boolean {
	const square = Number(inputWidth) === Number(inputSize) && Number(inputChannels) === 3;
	return square && /^TASK_(CLASSIFICATION|UNSPECIFIED)$/.test(task);
}
