import { describe, expect, it } from "vitest";
import { ARCHITECTURE_SPACE_NAMES, SPACE_NAMES, searchSpace } from "./search-spaces.js";
import { architectureSuite, networkSuite } from "./search-spaces.suite.js";

describe.each(ARCHITECTURE_SPACE_NAMES)("the space %s", architectureSuite);
describe.each(SPACE_NAMES)("networks of the space %s", networkSuite);

describe("the table of spaces", () => {
	it("lists the spaces when a name is unknown", () => {
		for (const name of ["nasbench", "toString", ""])
			expect(() => searchSpace(name)).toThrow(
				expect.objectContaining({
					reason: "UNKNOWN_SPACE",
					message: expect.stringContaining(SPACE_NAMES.join(", ")),
				}),
			);
	});
});
