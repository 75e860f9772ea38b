import { OnnxWriter } from "../onnx-writer.js";
import { f32, type Runtime } from "../runtime/runtime.js";
import { BLOCKED_DOMAIN } from "./blocked-layout.js";

/** Two columns of this many channels: a multiple of every block there is. */
const CHANNELS = 64;

/**
 * How many channels onnxruntime puts side by side on this processor (16 with AVX-512, 8 with AVX): read off from what it
 * makes of an image whose first column is 0 and whose second is 1.
 *
 * @returns null where it has no blocked operators
 */
export async function detectChannelBlock(runtime: Runtime): Promise<number | null> {
	try {
		const writer = new OnnxWriter();
		writer.input("x", [1, CHANNELS, 1, 2], "float32");
		writer.output(
			"y",
			[1, CHANNELS, 1, 2],
			"float32",
			writer.node("ReorderInput", ["x"], {}, { domain: BLOCKED_DOMAIN }),
		);
		const model = await runtime.load(writer.finish("block"), { optimization: "disabled" });
		const columns = Float32Array.from({ length: 2 * CHANNELS }, (_, i) => i % 2);
		const { y } = await model.run({ x: f32(columns, [1, CHANNELS, 1, 2]) });
		await model.release();
		const block = (y!.data as Float32Array).indexOf(1);
		return block > 1 ? block : null;
	} catch {
		return null;
	}
}
