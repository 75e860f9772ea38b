/** Further knowledge of a network that a model card shows; every part may be missing. */
export interface NetworkFacts {
	/** Name of a bound, e.g. `maxFlopCount`, and how far the network is from it; `relative` is a share of the bound. */
	readonly margins?: Readonly<
		Record<string, { readonly limit: number; readonly value: number; readonly relative: number }>
	>;
	readonly scores?: Readonly<Record<string, number | null>>;
	/** Settings in which `scores` were computed, by name. */
	readonly scoring?: Readonly<Record<string, string | number>>;
	/** Origin by name: seed, objective, versions of models, file of a search. */
	readonly provenance?: Readonly<Record<string, string | number>>;
	/** Command that gives the network again. */
	readonly command?: string;
}
