// Networks of many kinds, to convert and to deploy:
//   node bench/export-networks.mjs --out FOLDER [--seed 0] [--only NAME,…]
// Writes FOLDER/NAME/network-1.{json,onnx,py,svg,tflite} for each request of REQUESTS and prints what was made, with exit code 3 where no candidate is within its bounds. Candidates are not scored: the one
// that uses its bounds most is taken. bench/reference/check_conversions.py and check_microcontrollers.py read such folders.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { archgen, withServices } from "./own-services.mjs";

/** Options of `archgen generate` by name of the folder. Memory alone bounds no depth, so presets ask for the depth that other requests get by themselves, but for the last one. */
const REQUESTS = {
	"pictures-32": "--input 32 --classes 10 --max-mac-count 30M --max-parameter-count 1M",
	"pictures-32-64k": "--input 32 --classes 10 --preset mcu-64k --max-depth 30",
	"pictures-32-128k": "--input 32 --classes 10 --preset mcu-128k --max-depth 30",
	"pictures-32-256k": "--input 32 --classes 10 --preset mcu-256k --max-depth 30",
	"grey-48-128k": "--input 48 --input-channels 1 --classes 5 --preset mcu-128k --max-depth 36",
	"electrodes-16x52":
		"--input 16 --input-width 52 --input-channels 1 --classes 18 --max-parameter-count 200K",
	"keywords-49x40-256k":
		"--input 49 --input-width 40 --input-channels 1 --classes 12 --preset mcu-256k --max-mac-count 40M --max-depth 36",
	"persons-96-256k": "--input 96 --classes 2 --preset mcu-256k --max-mac-count 60M --max-depth 46",
	"persons-96-512k": "--input 96 --classes 2 --preset mcu-512k --max-mac-count 60M --max-depth 46",
	"labels-96x128-512k":
		"--input 96 --input-width 128 --task multilabel --classes 8 --preset mcu-512k --max-mac-count 60M --max-depth 46",
	"values-160-320k":
		"--input 160 --input-channels 1 --task regression --classes 3 --preset mcu-320k --max-mac-count 60M --max-depth 50",
	"maps-64-512k":
		"--input 64 --task dense --output-stride 4 --classes 5 --preset mcu-512k --max-mac-count 60M --max-depth 40",
	"features-128x96-512k":
		"--input 128 --input-width 96 --task features --preset mcu-512k --max-mac-count 60M --max-depth 46",
	"pictures-224": "--input 224 --classes 100 --max-flop-count 250M",
	"deep-32-64k": "--input 32 --classes 10 --preset mcu-64k",
};

const { values: options } = parseArgs({
	options: { out: { type: "string" }, seed: { type: "string", default: "0" }, only: { type: "string" } },
});
if (options.out === undefined) throw new Error("Name a folder: --out FOLDER");
const names = options.only?.split(",") ?? Object.keys(REQUESTS);
await withServices((address) => {
	for (const name of names) if (!existsSync(join(options.out, name, "results.json"))) generate(name, address);
});

function generate(name, address) {
	const fixed = ["--skip-scoring", "--candidates", "8", "--top", "1", "--seed", options.seed, "--json"];
	const place = ["--address", address, "--out", join(options.out, name)];
	const request = [archgen, "generate", ...REQUESTS[name].split(" "), ...fixed, ...place];
	const { stdout, status } = spawnSync(process.execPath, request, { stdio: ["ignore", "pipe", "ignore"] });
	const [first] = status === 0 ? JSON.parse(stdout).networks : [];
	const { parameterCount, macCount, layerCount } = first?.counts ?? {};
	console.log(JSON.stringify({ name, exitCode: status, parameterCount, macCount, layerCount }));
}
