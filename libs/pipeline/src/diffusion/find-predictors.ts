import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { PREDICTOR_FILES } from "@archgen/score-diffusion";
import type { SpaceBundle } from "./space-bundle.js";
import { type PredictorFolder, readPredictor } from "./trained-files.js";

/** What a device's latency predictor is named behind the device. */
const LATENCY = "_ms";

/** A guide as the command line names it. */
export interface GuideOption {
	/** Name of a predictor of the bundle, or a folder that `train predictor` wrote. */
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

/** @throws ArchgenError INVALID_ARGUMENT `UNKNOWN_PROPERTY` listing the predictors there are */
export async function findPredictor(
	{ predictors }: SpaceBundle,
	name: string,
	space: string,
): Promise<NamedPredictor> {
	const known = Object.hasOwn(predictors, name) ? predictors[name] : undefined;
	if (known !== undefined) return { ...known, name };
	if (!existsSync(join(name, PREDICTOR_FILES.description)))
		throw unknownProperty(name, Object.keys(predictors));
	const found = await readPredictor(name);
	if (found.origin.space === space) return { ...found, name: basename(name) };
	throw invalidArgument("--guide", `${name} predicts architectures of ${found.origin.space}, not ${space}`);
}

/** @throws ArchgenError INVALID_ARGUMENT `UNKNOWN_DEVICE` listing the devices there are */
export function findDevice({ predictors }: SpaceBundle, device: string): NamedPredictor {
	const name = device + LATENCY;
	const found = Object.hasOwn(predictors, name) ? predictors[name] : undefined;
	if (found !== undefined) return { ...found, name };
	const devices = Object.keys(predictors).filter((each) => each.endsWith(LATENCY));
	const known = devices.map((each) => each.slice(0, -LATENCY.length)).join(", ") || "none";
	throw invalidArgument(
		"--device",
		`there is no latency predictor for "${device}"; the devices are ${known}`,
		"UNKNOWN_DEVICE",
	);
}

function unknownProperty(name: string, known: readonly string[]): Error {
	const list = known.join(", ") || "none";
	return invalidArgument(
		"--guide",
		`there is no predictor "${name}"; use one of ${list}, or a folder that train predictor wrote`,
		"UNKNOWN_PROPERTY",
	);
}
