import { DEFAULT_LABEL, type ModelStore } from "../store/model-store.js";
import { ServedModel, type ServedModelOptions } from "./served-model.js";

/** The version of a stored model that the label `default` points to, as a {@link ServedModel}. */
export function storedModel<T>(
	store: ModelStore,
	name: string,
	options: Pick<ServedModelOptions<T>, "load" | "release" | "onChange">,
): ServedModel<T> {
	return new ServedModel({
		...options,
		open: (version) => store.open(name, version === undefined ? undefined : { version }),
		current: () => store.labelled(name, DEFAULT_LABEL),
	});
}
