import { afterAll, beforeAll, describe } from "vitest";
import { GenerationBench } from "../testing/generation-bench.js";
import { restartsSuite } from "./processes/restarts.suite.js";
import { versionsSuite } from "./processes/versions.suite.js";

// In this order: versions come and go at the end.
let bench: GenerationBench;
beforeAll(async () => {
	bench = await GenerationBench.open();
});
afterAll(() => bench?.close());

describe.each([
	["restarts", restartsSuite],
	["versions", versionsSuite],
])("%s of five processes", (_, suite) => suite(() => bench));
