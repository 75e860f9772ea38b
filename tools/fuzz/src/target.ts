import { holds } from "./reader.js";
import { findReader } from "./readers.js";

const { read } = await findReader(process.env.ARCHGEN_FUZZ_READER ?? "");

/**
 * What Jazzer calls with each input; `ARCHGEN_FUZZ_READER` names the reader.
 *
 * @public
 */
export async function fuzz(bytes: Uint8Array): Promise<void> {
	await holds(() => read(bytes));
}
