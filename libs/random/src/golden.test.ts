import { expect, test } from "vitest";
import { fillNormal, shuffled } from "./arrays.js";
import { createRandom } from "./random.js";

// Every recorded seed, label and history depends on these numbers: they never change.
test("streams are those of every release", () => {
	const random = createRandom(7);
	expect({
		uniform: [random.uniform(), random.uniform()],
		normal: [random.normal(), random.normal()],
		integer: [random.integer(7), random.integer(1_000_000)],
		pick: random.pick(["a", "b", "c", "d"]),
		named: random.fork("cells").uniform(),
		numbered: random.fork(3).fork(1).uniform(),
		large: createRandom(2n ** 60n + 1n).uniform(),
		negative: createRandom(-5).integer(2 ** 31),
		filled: [...fillNormal(createRandom(1), new Float32Array(3))],
		shuffled: shuffled(createRandom(2), [1, 2, 3, 4, 5, 6]),
	}).toMatchInlineSnapshot(`
		{
		  "filled": [
		    -1.1336218118667603,
		    1.8263274431228638,
		    1.0536220073699951,
		  ],
		  "integer": [
		    2,
		    714191,
		  ],
		  "large": 0.9694398883878913,
		  "named": 0.15826192718655352,
		  "negative": 1024809489,
		  "normal": [
		    0.8712854976916137,
		    -0.13313031392474678,
		  ],
		  "numbered": 0.9930512983252173,
		  "pick": "d",
		  "shuffled": [
		    1,
		    3,
		    4,
		    6,
		    5,
		    2,
		  ],
		  "uniform": [
		    0.9167987971216368,
		    0.10725319180440784,
		  ],
		}
	`);
});
