import { expect, test } from "vitest";
import { INTERRUPTED, listenForInterrupts } from "./interrupt.js";

test("the first signal asks to stop, the second quits", () => {
	const quits: number[] = [];
	let text = "";
	const interrupts = listenForInterrupts({ write: (part: string) => (text += part) }, (code) =>
		quits.push(code),
	);
	try {
		process.emit("SIGINT");
		expect(interrupts.signal.aborted).toBe(true);
		expect(text).toMatch(/Ctrl-C again/);
		expect(quits).toEqual([]);
		process.emit("SIGINT");
		expect(quits).toEqual([INTERRUPTED]);
	} finally {
		interrupts.dispose();
	}
});
