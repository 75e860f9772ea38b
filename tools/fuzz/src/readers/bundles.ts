import { mixtureFromJson, standardizerFromJson } from "@archgen/mixture";
import { clusterCellsFromJson, exemplarsFromJson, FolderModelStore, parseManifest } from "@archgen/models";
import { cellToJson } from "@archgen/search-space";
import { ofFolder, ofJson, ofText, type Readers } from "../reader.js";
import { CELL, jsonBytes } from "../samples.js";

const UNIT = [
	[1, 0],
	[0, 1],
];
const MIXTURE = {
	...{ format: "archgen.mixture", version: 1, dimension: 2, weights: [0.5, 0.5] },
	means: UNIT,
	covariances: [UNIT, UNIT],
};
const STANDARDIZER = {
	...{ format: "archgen.standardizer", version: 1 },
	...{ log: [true, false], mean: [0, 1], std: [1, 2] },
};
const MANIFEST = {
	...{ formatVersion: 1, name: "default", version: "1", trainedOn: {}, metrics: { loss: 1 } },
	files: [{ path: "a.json", sha256: "0".repeat(64), bytes: 1 }],
};

/** Readers of the documents of model bundles. */
export const READERS = {
	mixture: ofJson([MIXTURE], mixtureFromJson),
	standardizer: ofJson([STANDARDIZER], standardizerFromJson),
	"cluster-cells": ofJson(
		[{ format: "archgen.cluster-cells", version: 1, cells: [cellToJson(CELL), null] }],
		(json) => clusterCellsFromJson(json, 2),
	),
	exemplars: ofJson(
		[{ format: "archgen.exemplars", version: 1, exemplars: [{ cluster: 1, cell: cellToJson(CELL) }] }],
		(json) => exemplarsFromJson(json, 2),
	),
	manifest: ofText([JSON.stringify(MANIFEST)], (text) => parseManifest(text, "manifest")),
	"model-labels": ofFolder("default/labels.json", [jsonBytes({ default: "1", previous: "2" })], {}, (path) =>
		new FolderModelStore(path).labelled("default", "default"),
	),
} satisfies Readers;
