import { DEVICE_CLASSES, DEVICE_PRESETS, presetConstraints } from "@archgen/design/device-presets";
import { bytes } from "../format.js";
import { optionName } from "./ask-bounds.js";
import type { Form } from "./ask-form.js";

/** A device class, which sets bounds, or a task, which sets images and outputs. */
export interface Preset {
	readonly title: string;
	readonly hint: string;
	readonly form: Partial<Form>;
}

/** Classes of microcontrollers, as `--preset` has them, and larger devices by counts that networks made for them commonly have. */
const DEVICES: Readonly<Record<string, Preset>> = {
	...Object.fromEntries(
		DEVICE_PRESETS.map((name) => [
			name,
			{ title: name, hint: DEVICE_CLASSES[name].title, form: { bounds: boundsOf(name) } },
		]),
	),
	wearable: {
		title: "Wearable",
		hint: "2 M parameters, 100 M MACs",
		form: { bounds: { "max-parameter-count": "2M", "max-mac-count": "100M" } },
	},
	phone: {
		title: "Phone",
		hint: "5 M parameters, 300 M MACs",
		form: { bounds: { "max-parameter-count": "5M", "max-mac-count": "300M" } },
	},
	edge: {
		title: "Edge board",
		hint: "8 M parameters, 600 M MACs",
		form: { bounds: { "max-parameter-count": "8M", "max-mac-count": "600M" } },
	},
};

/** The bounds of a class of devices as texts of the form. */
function boundsOf(preset: string): Form["bounds"] {
	const bounds = Object.entries(presetConstraints(preset));
	return Object.fromEntries(bounds.map(([name, limit]) => [optionName(name), bytes(limit)]));
}

/** Images and outputs of a task; whatever is not named is as for classifiers of square RGB pictures. */
const task = (title: string, hint: string, form: Partial<Form>): Preset => ({
	title,
	hint,
	form: { width: "", channels: "", task: "", stride: "", ...form },
});

const TASKS: Readonly<Record<string, Preset>> = {
	cifar: task("CIFAR-10", "32 px, 10 classes", { input: "32", classes: "10" }),
	imagenet: task("ImageNet", "224 px, 1,000 classes", { input: "224", classes: "1000" }),
	person: task("Person or none", "96 px, 2 classes", { input: "96", classes: "2" }),
	ninapro: task("NinaPro", "electrodes over time: 16 × 52 of 1 channel, 18 classes", {
		...{ input: "16", width: "52", channels: "1", classes: "18" },
	}),
	darcy: task("Darcy flow", "a value for each place of 85 × 85", {
		...{ input: "85", channels: "1", task: "dense", classes: "1" },
	}),
};

/** Presets in the order of the form. */
export const PRESETS = { Device: DEVICES, "Typical task": TASKS } as const;
