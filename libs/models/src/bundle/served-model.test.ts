import { ArchgenError } from "@archgen/errors";
import { expect, test } from "vitest";
import type { Bundle } from "../store/model-store.js";
import { ServedModel } from "./served-model.js";

/** A model whose wanted version a test sets; loads and releases are recorded. */
function sample(kept = 0) {
	const events: string[] = [];
	const state = { wanted: "1", broken: new Set<string>() };
	const served = new ServedModel<string>({
		current: async () => state.wanted,
		open: async (version = state.wanted) => {
			if (Number(version) > 5)
				throw new ArchgenError({ category: "FAILED_PRECONDITION", reason: "NONE", message: "" });
			return { manifest: { name: "default", version } } as Bundle;
		},
		kept,
		load: async ({ manifest }) => {
			if (state.broken.has(manifest.version)) {
				throw new ArchgenError({
					category: "DATA_LOSS",
					reason: "BROKEN",
					message: `${manifest.version} is broken.`,
				});
			}
			return `model ${manifest.version}`;
		},
		release: async (model) => void events.push(`release ${model}`),
		onChange: (change) =>
			void events.push("error" in change ? change.error.reason : `serve ${change.identity.version}`),
	});
	return { served, state, events };
}

test("before anything is loaded the reason is named", async () => {
	const { served, state } = sample();
	await expect(served.use("", async () => 1)).rejects.toMatchObject({ reason: "MODEL_NOT_LOADED" });
	state.broken.add("1");
	await served.refresh();
	await expect(served.use("", async () => 1)).rejects.toMatchObject({
		reason: "BROKEN",
		category: "DATA_LOSS",
	});
	state.broken.clear();
	await served.refresh();
	expect(await served.use("", async (model) => model)).toBe("model 1");
});

test("calls in progress finish on their version, which is freed after the last of them", async () => {
	const { served, state, events } = sample();
	await served.refresh();
	let finish = () => {};
	const gate = new Promise<void>((resolve) => {
		finish = resolve;
	});
	const running = served.use("", async (model, { version }) => {
		await gate;
		return `${model} as ${version}`;
	});
	state.wanted = "2";
	await served.refresh();
	expect(await served.use("", async (model) => model)).toBe("model 2");
	expect(events).toEqual(["serve 1", "serve 2"]);
	finish();
	expect(await running).toBe("model 1 as 1");
	expect(events).toEqual(["serve 1", "serve 2", "release model 1"]);
});

test("a version that cannot be loaded changes nothing and is reported once", async () => {
	const { served, state, events } = sample();
	await served.refresh();
	state.wanted = "2";
	state.broken.add("2");
	await served.refresh();
	await served.refresh();
	expect(served.identity).toEqual({ name: "default", version: "1" });
	expect(await served.use("", async (model) => model)).toBe("model 1");
	expect(events).toEqual(["serve 1", "BROKEN"]);
});

test("refreshing what is served already loads nothing", async () => {
	const { served, events } = sample();
	await Promise.all([served.refresh(), served.refresh()]);
	await served.refresh();
	expect(events).toEqual(["serve 1"]);
});

test("a call may insist on a version, which is loaded for it", async () => {
	const { served, events } = sample();
	await served.refresh();
	expect(await served.use("1", async (_, { version }) => version)).toBe("1");
	const both = [served.use("2", async (model) => model), served.use("2", async (model) => model)];
	expect(await Promise.all(both)).toEqual(["model 2", "model 2"]);
	expect(served.identity?.version).toBe("1");
	expect(events).toEqual(["serve 1", "release model 2"]);
	const refused = { reason: "MODEL_VERSION_NOT_SERVED", violations: [{ field: "model_version" }] };
	await expect(served.use("7", async () => 1)).rejects.toMatchObject(refused);
});

test("the version before stays loaded for calls that insist on it, older ones do not", async () => {
	const { served, state, events } = sample(1);
	await served.refresh();
	for (const version of ["2", "3"]) {
		state.wanted = version;
		await served.refresh();
	}
	expect(events).toEqual(["serve 1", "serve 2", "serve 3", "release model 1"]);
	expect(await served.use("2", async (model) => model)).toBe("model 2");
	await served.close();
	expect(events.slice(4).sort()).toEqual(["release model 2", "release model 3"]);
});

test("closing frees the model", async () => {
	const { served, events } = sample();
	await served.refresh();
	await served.close();
	await served.close();
	expect(events).toEqual(["serve 1", "release model 1"]);
	await expect(served.use("", async () => 1)).rejects.toMatchObject({ reason: "MODEL_NOT_LOADED" });
});
