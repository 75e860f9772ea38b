import { afterAll, beforeAll, describe } from "vitest";
import { GenerationBench } from "../testing/generation-bench.js";
import { answersSuite } from "./processes/answers.suite.js";
import { exportsSuite } from "./processes/exports.suite.js";
import { restartsSuite } from "./processes/restarts.suite.js";
import { tracesSuite } from "./processes/traces.suite.js";
import { versionsSuite } from "./processes/versions.suite.js";

// The processes take seconds to start, so that all suites ask the same ones. In this order: versions come and go at the end.
let bench: GenerationBench;
beforeAll(async () => {
	bench = await GenerationBench.open();
});
afterAll(() => bench?.close());

describe.each([
	["answers", answersSuite],
	["exports", exportsSuite],
	["traces", tracesSuite],
	["restarts", restartsSuite],
	["versions", versionsSuite],
])("%s of five processes", (_, suite) => suite(() => bench));
