import { CONSTRAINT_NAMES, DEVICE_PRESETS, presetConstraints } from "@archgen/design";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BOUND_GROUPS, constraintsOf, fieldName, optionName } from "../page/src/views/ask-bounds.js";
import { copiesOf } from "../page/src/views/ask-copies.js";
import { FIRST_FORM, type Form, formFromQuery, formToQuery } from "../page/src/views/ask-form.js";
import { PRESETS } from "../page/src/views/ask-presets.js";
import { jobSpecOf, specOf } from "../page/src/views/ask-request.js";

const BOUNDS = BOUND_GROUPS.flatMap(({ bounds }) => bounds.map(({ name }) => name));
const PLACES = { orchestrator: "127.0.0.1:50050", page: "http://127.0.0.1/" };

test("every form comes back from its link", () => {
	const { bounds: _, effort: __, ...texts } = FIRST_FORM;
	const forms = fc.record({
		...Object.fromEntries(Object.keys(texts).map((key) => [key, fc.string({ maxLength: 8 })])),
		effort: fc.constantFrom("generate", "score", "refine", "search"),
		bounds: fc.dictionary(fc.constantFrom(...BOUNDS), fc.string({ minLength: 1, maxLength: 8 })),
	}) as unknown as fc.Arbitrary<Form>;
	fc.assert(
		fc.property(forms, (form) => {
			expect(formFromQuery(new URLSearchParams(formToQuery(form)))).toEqual(form);
		}),
	);
	expect(formFromQuery(new URLSearchParams())).toBeUndefined();
});

test("the form has every bound of the protocol", () => {
	expect(BOUNDS.map(fieldName).sort()).toEqual([...CONSTRAINT_NAMES].sort());
	for (const name of BOUNDS) expect(optionName(fieldName(name))).toBe(name);
});

test.each(DEVICE_PRESETS)("%s bounds what --preset bounds", (preset) => {
	const bounds = constraintsOf(PRESETS.Device[preset]!.form.bounds!);
	const expected = Object.entries(presetConstraints(preset)).map(([name, limit]) => [name, String(limit)]);
	expect(bounds).toEqual(Object.fromEntries(expected));
});

test("bytes are read as people write them, and nonsense stays for the server", () => {
	const bounds = {
		"max-weight-bytes-int8": "256k",
		"max-weight-bytes-float32": "1.5 MB",
		"max-peak-activation-bytes-int8": "192 KiB",
		"max-peak-activation-bytes-float32": "much",
	};
	const constraints = {
		maxWeightBytesInt8: "256000",
		maxWeightBytesFloat32: "1500000",
		maxPeakActivationBytesInt8: "196608",
		maxPeakActivationBytesFloat32: "much",
	};
	const form = { ...FIRST_FORM, bounds };
	expect(specOf(form, undefined).constraints).toEqual(constraints);
	expect(jobSpecOf(form, undefined).constraints).toEqual(constraints);
});

test("images and tasks are part of requests, jobs and copies, where they differ from square RGB pictures", () => {
	const dense = {
		...FIRST_FORM,
		...{ input: "85", width: "60", channels: "1", task: "dense", classes: "1", stride: "4" },
	};
	const target = {
		...{ inputSize: 85, inputWidth: 60, inputChannels: 1 },
		...{ task: "TASK_DENSE", classCount: 1, outputStride: 4 },
	};
	expect(specOf(dense, undefined)).toMatchObject(target);
	expect(jobSpecOf(dense, undefined)).toMatchObject(target);
	const copies = copiesOf(dense, undefined, PLACES);
	expect(copies["Command line"]).toContain(
		"--input 85 --input-width 60 --input-channels 1 --task dense --output-stride 4 --classes 1 ",
	);
	expect(copies.Python).toContain('input_width=60, input_channels=1, task="dense", output_stride=4');
	// a stride that was chosen before the task belongs to no other one, and features have no outputs
	const features = { ...dense, task: "features" };
	expect(specOf(features, undefined)).toMatchObject({ task: "TASK_FEATURES", classCount: 0 });
	expect(specOf(features, undefined)).not.toHaveProperty("outputStride");
	expect(copiesOf(features, undefined, PLACES)["Command line"]).not.toMatch(/stride|classes/);
	const plain = specOf(FIRST_FORM, undefined);
	for (const field of ["inputWidth", "inputChannels", "task", "outputStride"])
		expect(plain).not.toHaveProperty(field);
});
