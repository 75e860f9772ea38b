/** Where everything stands in a model bundle. Trainers write these paths, services read them. */
export const BUNDLE_LAYOUT = {
	/** Folder of the G-VAE's files. */
	gvae: "gvae",
	/** Folder of the flow's files. */
	ccnf: "ccnf",
	/** Folder of the sequence generator, in Hugging Face form. */
	seqgen: "seqgen",
	/** The cells that the sequence generator's tokens name, where these are no clusters, `exemplarsToJson`. */
	exemplars: "seqgen/exemplars.json",
	/** Part of what the sequence generator learned from and was held out, `keptExamplesToBytes`. */
	examples: "seqgen/examples.jsonl.gz",
	/** Mixture over standardised zero-cost vectors, `mixtureToJson`. */
	mixture: "mixture.json",
	/** Standardisation of zero-cost vectors, `standardizerToJson`. */
	standardizer: "standardizer.json",
	/** The cheapest known cell of each cluster, `clusterCellsToJson`. */
	clusterCells: "cluster-cells.json",
	/** Folder of a score network. */
	score: "score",
	/** Folder of a denoiser of discrete diffusion. */
	discrete: "discrete",
	/** Folder of a score network over cells that is asked for zero-cost vectors. */
	scoreCells: "score-cells",
	/** Folder of a denoiser of cells that is asked for zero-cost vectors. */
	discreteCells: "discrete-cells",
	/** Folder of predictors that guide, each a folder of its own. */
	predictors: "predictors",
} as const;
