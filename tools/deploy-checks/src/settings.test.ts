import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeSettings } from "@archgen/rpc";
import { expect, test } from "vitest";
import { REPOSITORY } from "./folder.js";
import { SERVICE_NAMES, SERVICES } from "./services.js";

const DOCUMENT = readFileSync(join(REPOSITORY, "docs/settings.md"), "utf8");

test.each(
	SERVICE_NAMES,
)("every setting of %s has a description, in its help and in docs/settings.md", (name) => {
	const help = execFileSync(process.execPath, [join(REPOSITORY, `services/${name}/dist/main.js`), "--help"], {
		encoding: "utf8",
	});
	for (const { flag, variable, usual, description } of describeSettings(SERVICES[name])) {
		expect(description, flag).not.toBe("");
		expect(help).toContain(`${flag}, ${variable}`);
		expect(DOCUMENT).toContain(`| \`${flag}\` | ${usual === "" ? "" : `\`${usual}\``} | ${description} |`);
	}
});
