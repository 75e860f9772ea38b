import { describe } from "vitest";
import { coverageSuite, paritySuite } from "./parity.suite.js";

describe("values recorded from PyTorch", () => {
	paritySuite("quick");
	coverageSuite();
});
