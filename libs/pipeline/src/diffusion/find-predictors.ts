import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { PREDICTOR_FILES } from "@archgen/score-diffusion";
import type { SpaceGenerators } from "./space-bundle.js";
import { type PredictorFolder, readPredictor } from "./trained-files.js";

/** Name of a device's latency predictor: this behind the device. */
const LATENCY = "_ms";

/** A predictor by its name, and how strongly it leads. */
export interface GuideOption {
	readonly predictor: string;
	readonly strength: number;
}

/** A predictor with the name under which its values are reported. */
export interface NamedPredictor extends PredictorFolder {
	readonly name: string;
}

/**
 * Reads `PREDICTOR=STRENGTH`.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `--guide`)
 */
export function parseGuide(text: string): GuideOption {
	const at = text.lastIndexOf("=");
	const strength = text.slice(at + 1).trim() === "" ? Number.NaN : Number(text.slice(at + 1));
	if (at > 0 && Number.isFinite(strength)) return { predictor: text.slice(0, at), strength };
	throw invalidArgument(
		"--guide",
		`${JSON.stringify(text)} is not PREDICTOR=STRENGTH, such as c10_val=10000`,
	);
}

/**
 * A predictor of the bundle.
 *
 * @param field place of the name in the request
 * @throws ArchgenError INVALID_ARGUMENT `UNKNOWN_PROPERTY` listing the predictors there are
 */
export function findPredictor(
	{ predictors }: SpaceGenerators,
	name: string,
	field = "guide",
): NamedPredictor {
	const known = Object.hasOwn(predictors, name) ? predictors[name] : undefined;
	if (known !== undefined) return { ...known, name };
	const list = Object.keys(predictors).join(", ") || "none";
	throw invalidArgument(
		field,
		`there is no predictor "${name}"; those there are: ${list}`,
		"UNKNOWN_PROPERTY",
	);
}

/**
 * The same, or the predictor of a folder that `train predictor` wrote, which has the folder's name. For the user's own machine alone: a name may be any
 * path.
 */
export async function findPredictorOrFolder(
	generators: SpaceGenerators,
	name: string,
	field = "guide",
): Promise<NamedPredictor> {
	const isFolder = existsSync(join(name, PREDICTOR_FILES.description));
	if (Object.hasOwn(generators.predictors, name) || !isFolder) return findPredictor(generators, name, field);
	const found = await readPredictor(name);
	const { space } = generators;
	if (found.origin.space === space) return { ...found, name: basename(name) };
	throw invalidArgument(field, `${name} predicts architectures of ${found.origin.space}, not ${space}`);
}

/** Devices whose latency can be predicted. */
export function latencyDevices({ predictors }: Pick<SpaceGenerators, "predictors">): string[] {
	const names = Object.keys(predictors).filter((name) => name.endsWith(LATENCY));
	return names.map((name) => name.slice(0, -LATENCY.length));
}

/**
 * The latency predictor of a device.
 *
 * @param field place of the name in the request
 * @throws ArchgenError INVALID_ARGUMENT `UNKNOWN_DEVICE` listing the devices there are
 */
export function findDevice(
	{ predictors }: SpaceGenerators,
	device: string,
	field = "device",
): NamedPredictor {
	const name = device + LATENCY;
	const found = Object.hasOwn(predictors, name) ? predictors[name] : undefined;
	if (found !== undefined) return { ...found, name };
	const known = latencyDevices({ predictors }).join(", ") || "none";
	throw invalidArgument(
		field,
		`there is no latency predictor for "${device}"; the devices are ${known}`,
		"UNKNOWN_DEVICE",
	);
}
