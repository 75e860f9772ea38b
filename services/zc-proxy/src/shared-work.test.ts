import { expect, test, vi } from "vitest";
import { SharedWork } from "./shared-work.js";

const never = new AbortController().signal;

/** Work that ends when it is told to. */
function work() {
	let finish = (_: string) => {};
	const seen: AbortSignal[] = [];
	const start = vi.fn((signal: AbortSignal) => {
		seen.push(signal);
		return new Promise<string>((resolve, reject) => {
			finish = resolve;
			signal.addEventListener("abort", () => reject(signal.reason));
		});
	});
	return { start, seen, finish: (value: string) => finish(value) };
}

test("who asks for the same at the same time shares one computation, who comes later starts another", async () => {
	const shared = new SharedWork<string>();
	const { start, finish } = work();
	const both = Promise.all([shared.share("a", start, never), shared.share("a", start, never)]);
	expect(start).toHaveBeenCalledTimes(1);
	finish("done");
	expect(await both).toEqual(["done", "done"]);
	const other = shared.share("a", start, never);
	expect(start).toHaveBeenCalledTimes(2);
	finish("again");
	expect(await other).toBe("again");
});

test("one who leaves disturbs nobody, the last one to leave stops the computation", async () => {
	const shared = new SharedWork<string>();
	const { start, seen } = work();
	const [first, second] = [new AbortController(), new AbortController()];
	const calls = [first, second].map(({ signal }) => shared.share("a", start, signal));
	first.abort(new Error("first"));
	await expect(calls[0]).rejects.toThrow("first");
	expect(seen[0]!.aborted).toBe(false);
	second.abort(new Error("second"));
	await expect(calls[1]).rejects.toThrow("second");
	expect(seen[0]!.aborted).toBe(true);
	await expect(shared.share("a", start, AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
	expect(start).toHaveBeenCalledTimes(1);
});

test("a failure reaches everybody and is not kept", async () => {
	const shared = new SharedWork<string>();
	const fail = () => Promise.reject(new Error("broken"));
	const results = await Promise.allSettled([shared.share("a", fail, never), shared.share("a", fail, never)]);
	expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	expect(await shared.share("a", async () => "fine", never)).toBe("fine");
});
