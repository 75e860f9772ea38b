import { invalidArgument } from "@archgen/errors";
import type { Reader, Readers } from "./reader.js";

/** Readers of one kind of thing; an area is loaded as a whole. */
interface Area {
	readonly load: () => Promise<Readers>;
	/** Parts of the paths of modules whose edges guide the fuzzer; instrumenting more only takes time. */
	readonly code: readonly string[];
}

/**
 * Every reader of files and fields, by area.
 *
 * Left out, since what they read is their own and no one else writes it: files that a program keeps for itself in its work folder (caches of scores,
 * finished runs of `reproduce`, marks of a refresh, files of the embedded database), parts of a bundle that are compared with the checksum of the
 * manifest before they are read (kept examples, ONNX networks that onnxruntime reads), exports that are read again to be counted (ONNX, TFLite).
 * Messages of gRPC and streams of them: `ARCHGEN_FUZZ` of services/orchestrator sends those to the services. Score tables of jobs come as such messages.
 * IDX and packed CIFAR files are not read at all.
 */
const AREAS = {
	spaces: {
		load: async () => (await import("./readers/spaces.js")).READERS,
		code: ["/libs/search-space/", "/libs/files/"],
	},
	bundles: {
		load: async () => (await import("./readers/bundles.js")).READERS,
		code: ["/libs/models/", "/libs/mixture/", "/libs/search-space/dist/cell"],
	},
	searches: {
		load: async () => (await import("./readers/searches.js")).READERS,
		code: [
			...["/libs/evolution/dist/history", "/libs/evolution/dist/checkpoint", "/libs/files/"],
			...["/libs/pipeline/dist/files/", "/libs/pipeline/dist/labels/", "/libs/pipeline/dist/search/"],
			...[
				"/libs/client/dist/",
				"/libs/wire/dist/network",
				"/libs/search-space/dist/cell",
				"/libs/search-space/dist/network",
			],
		],
	},
	tables: {
		load: async () => (await import("./readers/tables.js")).READERS,
		code: [
			...["/libs/files/", "/libs/latency/", "/libs/score-diffusion/dist/property-table"],
			...["/libs/experiments/dist/ranking/", "/libs/experiments/dist/validation/", "/libs/search-space/"],
		],
	},
	images: {
		load: async () => (await import("./readers/images.js")).READERS,
		code: ["/libs/datasets/"],
	},
	weights: {
		load: async () => (await import("./readers/weights.js")).READERS,
		code: [
			...["/libs/tensor-graph/dist/safetensors", "/libs/tensor-graph/dist/tensor-file"],
			...["/libs/tensor-graph/dist/float16", "/libs/score-diffusion/dist/stored-network"],
			...["/libs/pipeline/dist/diffusion/trained", "/libs/pipeline/dist/training/trainer-checkpoint"],
			...["/libs/seqgen/dist/checkpoint", "/libs/seqgen/dist/gpt-neo-", "/libs/seqgen/dist/model-folder"],
			...["/libs/seqgen/dist/pretrained", "/libs/seqgen/dist/text-tokenizer", "/libs/seqgen/dist/vocabulary"],
		],
	},
	settings: {
		load: async () => (await import("./readers/settings.js")).READERS,
		code: [
			...["/libs/rpc/dist/config/", "/libs/text/", "/libs/client/dist/services/", "/libs/files/"],
			...["/libs/pipeline/dist/diffusion/"],
		],
	},
	requests: {
		load: async () => (await import("./readers/requests.js")).READERS,
		code: ["/services/web/dist/"],
	},
} as const satisfies Record<string, Area>;

/** Names of all readers, `AREA/READER`. */
export async function readerNames(): Promise<string[]> {
	const areas = await Promise.all(
		Object.entries(AREAS).map(async ([area, { load }]) =>
			Object.keys(await load()).map((name) => `${area}/${name}`),
		),
	);
	return areas.flat();
}

/**
 * The reader of a name with the code to count edges in; its area alone is loaded.
 *
 * @throws INVALID_ARGUMENT for a name that there is not
 */
export async function findReader(name: string): Promise<Reader & Pick<Area, "code">> {
	const [areaName = "", readerName = ""] = name.split("/");
	const area = Object.hasOwn(AREAS, areaName) ? AREAS[areaName as keyof typeof AREAS] : undefined;
	const readers: Readers = (await area?.load()) ?? {};
	const found = Object.hasOwn(readers, readerName) ? readers[readerName] : undefined;
	if (area === undefined || found === undefined)
		throw invalidArgument("reader", `there is no reader ${name}; --list shows those there are`);
	return { ...found, code: area.code };
}
