import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser, type From } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";
import { DEPLOY, REPOSITORY } from "./folder.js";

const text = readFileSync(join(DEPLOY, "Dockerfile"), "utf8");
const file = DockerfileParser.parse(text);
const ignored = readFileSync(join(DEPLOY, "Dockerfile.dockerignore"), "utf8").split("\n");
const stages = file.getFROMs();
const lastStage = (line: number) => line > (stages.at(-1) as From).getRange().start.line;

test("it parses without complaint", () => {
	expect(validate(text).map(({ message }) => message)).toEqual([]);
	expect(validate(text.replace("COPY . .", "COPYY . .")).length).toBeGreaterThan(0);
});

test("several stages on the slim image of the oldest Node that is supported", () => {
	expect(stages.map((stage) => stage.getBuildStage())).toEqual(["build", "production", "runtime"]);
	const image = file.getARGs()[0]?.getProperty()?.getValue();
	const { engines } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
		engines: { node: string };
	};
	expect(image).toBe("node:20-bookworm-slim");
	expect(engines.node).toMatch(/^>=20\./);
});

test("the last stage runs as a user that is not root, checks its health and starts the service", () => {
	const last = file.getInstructions().filter((instruction) => lastStage(instruction.getRange().start.line));
	const text = (keyword: string) =>
		last.filter((instruction) => instruction.getKeyword() === keyword).map((i) => i.getArgumentsContent());
	expect(text("USER")).toEqual(["1000:1000"]);
	expect(text("ENTRYPOINT")).toEqual(['["node", "dist/main.js"]']);
	expect(text("WORKDIR")).toEqual([expect.stringMatching(/^\/app\/services\/\$\{SERVICE\}$/)]);
	expect(text("HEALTHCHECK")[0]).toContain("/app/deploy/health-check.mjs");
	expect(text("RUN")).toEqual([]);
});

test("the build gets what it reads, and neither secrets nor what it makes itself", () => {
	expect(ignored[1]).toBe("*");
	const admitted = ignored.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
	expect(admitted.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
	for (const path of ["package.json", "package-lock.json", ".npmrc", "libs", "services", "tools", "proto"]) {
		expect(admitted).toContain(path);
	}
	expect(admitted).not.toContain("deploy");
	for (const pattern of ["**/node_modules", "**/dist", "**/generated"]) expect(ignored).toContain(pattern);
});
