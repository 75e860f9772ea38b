import { describe } from "vitest";
import { paritySuite } from "./parity.suite.js";

describe("values recorded from PyTorch", () => paritySuite("others"));
