import { invalidArgument } from "@archgen/errors";
import type { Constraints } from "./constraints.js";

/** A class of devices by its memories. */
export interface DeviceClass {
	/** For people. */
	readonly title: string;
	/** Memory that is written at run time, in KiB. */
	readonly sramKib: number;
	/** Memory for program and weights, in KiB. */
	readonly flashKib: number;
}

/** Microcontroller classes by name; networks on them compute in int8. */
export const DEVICE_CLASSES = {
	"mcu-64k": { title: "Cortex-M4, 64 KiB SRAM, 256 KiB flash", sramKib: 64, flashKib: 256 },
	"mcu-128k": { title: "Cortex-M4, 128 KiB SRAM, 512 KiB flash", sramKib: 128, flashKib: 512 },
	"mcu-256k": { title: "Cortex-M4, 256 KiB SRAM, 1 MiB flash", sramKib: 256, flashKib: 1024 },
	"mcu-320k": { title: "Cortex-M7, 320 KiB SRAM, 1 MiB flash", sramKib: 320, flashKib: 1024 },
	"mcu-512k": { title: "Cortex-M7, 512 KiB SRAM, 2 MiB flash", sramKib: 512, flashKib: 2048 },
} as const satisfies Readonly<Record<string, DeviceClass>>;

export type DevicePreset = keyof typeof DEVICE_CLASSES;
export const DEVICE_PRESETS = Object.keys(DEVICE_CLASSES) as readonly DevicePreset[];

/** Share of each memory that a network may fill; the rest is for the interpreter's own structures and the program. */
const SHARE = 3 / 4;

/**
 * The bounds of a class of devices.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `preset`) for a name that there is not, listing those there are
 */
export function presetConstraints(preset: string): Constraints {
	if (!Object.hasOwn(DEVICE_CLASSES, preset))
		throw invalidArgument(
			"preset",
			`there is no device class "${preset}"; choose one of ${DEVICE_PRESETS.join(", ")}`,
		);
	const { sramKib, flashKib } = DEVICE_CLASSES[preset as DevicePreset];
	return {
		maxWeightBytesInt8: flashKib * 1024 * SHARE,
		maxPeakActivationBytesInt8: sramKib * 1024 * SHARE,
	};
}
