import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { threeWidthsSpace } from "../testing/three-widths-space.js";
import { ARCHITECTURE_SPACES, SEARCH_SPACES } from "./search-spaces.js";
import { architectureSuite, networkSuite } from "./search-spaces.suite.js";

// The line in the table that docs/extend/space.md asks for.
Object.assign(SEARCH_SPACES, { "three-widths": threeWidthsSpace });
Object.assign(ARCHITECTURE_SPACES, { "three-widths": threeWidthsSpace });

describe("the space of docs/extend/space.md", () => {
	it("is the one that the page shows", () => {
		const page = readFileSync(new URL("../../../docs/extend/space.md", import.meta.url), "utf8");
		const file = readFileSync(new URL("../testing/three-widths-space.ts", import.meta.url), "utf8");
		expect(page).toContain(file.replaceAll('"../src/', '"../'));
	});

	architectureSuite("three-widths");
	networkSuite("three-widths");
});
