import { ArchgenError } from "@archgen/errors";
import { afterAll, describe, expect, it } from "vitest";
import { add, buildModel, f32, i64, input, type LoadedModel, matMul, type Runtime } from "../src/index.js";

const [a, b] = [input("a", [2, 2]), input("b", [2, 2])];
const MODEL = buildModel({ outputs: { sum: add(a, b), product: matMul(a, b) } });
const identity = f32([1, 0, 0, 1], [2, 2]);

/** What every runtime must do. */
export function describeRuntime(name: string, create: () => Runtime): void {
	describe(`${name} as a runtime`, () => {
		const runtime = create();
		afterAll(() => runtime.close());

		async function failure(work: Promise<unknown>): Promise<ArchgenError> {
			const error = await work.then(
				() => undefined,
				(reason: unknown) => reason,
			);
			expect(error).toBeInstanceOf(ArchgenError);
			return error as ArchgenError;
		}

		async function works(model: LoadedModel): Promise<void> {
			const { product } = await model.run({ a: identity, b: f32([1, 2, 3, 4], [2, 2]) });
			expect([...product!.data]).toEqual([1, 2, 3, 4]);
		}

		it("runs a model and returns what is asked for", async () => {
			const model = await runtime.load(MODEL, { optimization: "disabled" });
			const feeds = { a: identity, b: identity };
			expect(Object.keys(await model.run(feeds)).sort()).toEqual(["product", "sum"]);
			expect(await model.run(feeds, { fetch: ["sum"] })).toEqual({ sum: f32([2, 0, 0, 2], [2, 2]) });
			await model.release();
		});

		it("keeps the runs of one model apart", async () => {
			const model = await runtime.load(MODEL);
			const runs = await Promise.all(
				Array.from({ length: 12 }, (_, k) => model.run({ a: identity, b: f32([k, k, k, k], [2, 2]) })),
			);
			expect(runs.map(({ product }) => product!.data[3])).toEqual(Array.from({ length: 12 }, (_, k) => k));
		});

		it.each([
			["a missing feed", { a: identity }],
			["a feed of another shape", { a: identity, b: f32([1, 2, 3], [3]) }],
			["a feed of another type", { a: identity, b: i64([1, 2, 3, 4], [2, 2]) }],
			["a feed with too few numbers", { a: identity, b: f32([1], [2, 2]) }],
		])("refuses %s by name and goes on", async (_what, feeds) => {
			const model = await runtime.load(MODEL);
			expect(await failure(model.run(feeds))).toMatchObject({
				category: "INTERNAL",
				reason: "MODEL_RUN_FAILED",
			});
			await works(model);
		});

		it("refuses bytes that are not a model and goes on", async () => {
			expect((await failure(runtime.load(Uint8Array.of(1, 2, 3)))).reason).toBe("MODEL_RUN_FAILED");
			await works(await runtime.load(MODEL));
		});

		it("does not start a run after its signal has fired", async () => {
			const model = await runtime.load(MODEL);
			const run = model.run({ a: identity, b: identity }, { signal: AbortSignal.abort() });
			expect(await failure(run)).toMatchObject({ category: "CANCELLED", reason: "CANCELLED" });
			await works(model);
		});

		it("can be closed twice", async () => {
			const other = create();
			await works(await other.load(MODEL));
			await other.close();
			await other.close();
		});
	});
}
