import { expect, test } from "vitest";
import { createLogger } from "./logger.js";

test("lines are JSON with a level name and without secrets", () => {
	const lines: string[] = [];
	const logger = createLogger({ service: "gvae", destination: { write: (line) => void lines.push(line) } });
	logger.info(
		{ tokens: ["sesame"], metadata: { authorization: "Bearer sesame" }, config: { a: { token: "sesame" } } },
		"up",
	);
	logger.debug("not written");
	expect(lines).toHaveLength(1);
	expect(JSON.parse(lines[0]!)).toMatchObject({ level: "info", service: "gvae", msg: "up" });
	expect(lines[0]).not.toContain("sesame");
});
