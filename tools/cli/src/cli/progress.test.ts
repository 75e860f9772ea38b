import { expect, test } from "vitest";
import { startProgress } from "./progress.js";

test("without a terminal a line appears now and then, with the time left by the speed of this run", () => {
	let time = 0;
	let text = "";
	const stderr = { write: (part: string) => (text += part) };
	const progress = startProgress(stderr, { title: "cells", total: 100, start: 50, now: () => time });
	time = 5_000;
	progress.update(55);
	expect(text).toBe("");
	time = 10_000;
	progress.update(60, "loss 1");
	expect(text).toBe("cells 60/100, 0:40 left loss 1\n");
	progress.update(100);
	expect(text).toContain("cells 100/100, 0:00 left\n");
});
