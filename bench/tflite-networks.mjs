// The same networks as ONNX and as TensorFlow Lite files, to compare:
//   node bench/tflite-networks.mjs --out FOLDER
// Writes FOLDER/NAME.onnx and NAME.tflite for architectures of every search space and networks of every task. Weights nearly keep the variance of what passes a
// ReLU, and batch norms are drawn as well: with fresh ones the image fades away in deep networks, and all answers agree. bench/reference/check_tflite.py reads the folder.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { layersToOnnx, layersToTflite, livelyParameters } from "@archgen/exporters";
import { createRandom } from "@archgen/random";
import { countLayers, SEARCH_SPACES } from "@archgen/search-space";

/** Space, target and seed of the architecture by name of the files. */
const SUBJECTS = {
	"hierarchical-32": ["hierarchical", { size: 32, classes: 10 }],
	"hierarchical-224": ["hierarchical", { size: 224, classes: 1000 }],
	"electrodes-16x52": ["hierarchical", { size: 16, width: 52, channels: 1, classes: 18 }],
	"keywords-49x40": ["hierarchical", { size: 49, width: 40, channels: 1, classes: 12 }],
	"labels-96x128": ["hierarchical", { size: 96, width: 128, classes: 8, task: "multilabel" }],
	"values-85": ["hierarchical", { size: 85, channels: 4, classes: 3, task: "regression" }],
	"maps-64": ["hierarchical", { size: 64, classes: 5, task: "dense", outputStride: 4 }],
	"maps-45": ["hierarchical", { size: 45, classes: 1, task: "dense" }],
	"features-128x96": ["hierarchical", { size: 128, width: 96, classes: 0, task: "features" }],
	"cells-32": ["cells", { size: 32, classes: 10 }],
	"nasbench201-32": ["nasbench201", { size: 32, classes: 120 }],
	"nasbench201-16": ["nasbench201", { size: 16, classes: 10 }],
	"nasbench-macro-32": ["nasbench-macro", { size: 32, classes: 10 }],
	"mnasnet-224": ["mnasnet", { size: 224, classes: 1000 }],
	"mobilenetv3-224": ["mobilenetv3", { size: 224, classes: 1000 }],
	"mobilenetv3-97": ["mobilenetv3", { size: 97, classes: 10 }],
};

const MOST_MACS = 350e6;

const { values: options } = parseArgs({
	options: { out: { type: "string" }, seed: { type: "string", default: "5" } },
});
if (options.out === undefined) throw new Error("Name a folder: --out FOLDER");
mkdirSync(options.out, { recursive: true });
const random = createRandom(Number(options.seed));
for (const [name, [spaceName, target]] of Object.entries(SUBJECTS)) {
	const space = SEARCH_SPACES[spaceName];
	const graph = affordable(space, target, random.fork(name));
	const parameters = livelyParameters(graph, random.fork(`${name} weights`));
	writeFileSync(join(options.out, `${name}.onnx`), layersToOnnx(graph, { parameters }));
	writeFileSync(join(options.out, `${name}.tflite`), layersToTflite(graph, { parameters }));
	console.log(JSON.stringify({ name, ...countLayers(graph) }));
}

/** The first of random architectures that reference kernels answer in seconds. */
function affordable(space, target, draws) {
	for (;;) {
		const graph = space.lower(space.random(draws), target);
		if (countLayers(graph).macCount <= MOST_MACS) return graph;
	}
}
