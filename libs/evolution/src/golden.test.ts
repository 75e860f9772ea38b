import { expect, test } from "vitest";
import { optionsFingerprint, resolveOptions } from "./options.js";

// A stored job goes on only under its own fingerprint: equal options give equal fingerprints in every release.
test("fingerprints of options are those of every release", () => {
	const plain = {
		target: { size: 32, classes: 10 },
		constraints: { maxParameterCount: 1e6, minFlopCount: 1e6 },
		clusters: 16,
		evaluations: 2000,
		populationSize: 64,
		seed: 3,
	};
	expect(optionsFingerprint(resolveOptions(plain))).toMatchInlineSnapshot(
		`"90d0f85ef96b3418e5dd030da05e1fb19e65d4e799779e11bd30bad51f6b1c49"`,
	);
	const costly = { ...plain, limits: { maxPeakActivationBytes: 1e6 } } as const;
	expect(optionsFingerprint(resolveOptions(costly))).toMatchInlineSnapshot(
		`"1a2dd7bdb830ab00d169b7ebf95af0e6e6cf3d8bc9b8b8fdb81a3c6f9899da4a"`,
	);
});
