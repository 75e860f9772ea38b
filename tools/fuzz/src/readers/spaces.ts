import { decodeText, parseJson } from "@archgen/files";
import { createRandom } from "@archgen/random";
import { architectureFromText } from "@archgen/score-diffusion";
import {
	ARCHITECTURE_SPACE_NAMES,
	type ARCHITECTURE_SPACES,
	architectureFromJson,
	architectureSpace,
	cellFromJson,
	cellFromNasBench201,
	cellToJson,
	graphNetFileFromJson,
	networkFromJson,
} from "@archgen/search-space";
import { ofJson, ofText, type Reader, type Readers, reader } from "../reader.js";
import { bytesOf, CELL, CELL_TEXT, GRAPHNET, jsonBytes, NETWORK } from "../samples.js";

const ARCHITECTURE = {
	space: "nasbench201",
	architecture: { arch: CELL_TEXT },
	target: { size: 32, classes: 10 },
};

/** Architectures of each space as documents and, where one text in the field `arch` describes them, as that text. */
const architectureReaders = () =>
	Object.fromEntries(
		ARCHITECTURE_SPACE_NAMES.map((name) => {
			const space = architectureSpace(name);
			const samples = [1, 2, 3].map((seed) => space.toJson(space.random(createRandom(seed))));
			const texts = samples.flatMap((json) => (json as { readonly arch?: string }).arch ?? []);
			const read = (bytes: Uint8Array) => {
				const text = decodeText(bytes);
				return space.toJson(architectureFromText(space, text.startsWith("{") ? documentOf(text) : text));
			};
			return [`architecture-${name}`, reader([...samples.map(jsonBytes), ...texts.map(bytesOf)], read)];
		}),
	) as Record<`architecture-${keyof typeof ARCHITECTURE_SPACES}`, Reader>;

function documentOf(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/** Readers of architectures of every search space. */
export const READERS = {
	cell: ofJson([cellToJson(CELL)], (json) => cellFromJson(json)),
	network: ofJson([NETWORK], networkFromJson),
	graphnet: ofJson([GRAPHNET], graphNetFileFromJson),
	"nasbench201-cell": ofText([CELL_TEXT], cellFromNasBench201),
	architecture: ofJson([ARCHITECTURE], architectureFromJson),
	...architectureReaders(),
} satisfies Readers;
