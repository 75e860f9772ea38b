import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diffusionSettings } from "@archgen/diffusion-service";
import { describeSettings } from "@archgen/rpc";
import { webSettings } from "@archgen/web-service";
import { expect, test } from "vitest";
import { REPOSITORY } from "./folder.js";
import { SERVICES } from "./services.js";

const ALL = { ...SERVICES, diffusion: diffusionSettings, web: webSettings };

const DOCUMENT = readFileSync(join(REPOSITORY, "docs/settings.md"), "utf8");

test.each(
	Object.keys(ALL) as (keyof typeof ALL)[],
)("every setting of %s has a description, in its help and in docs/settings.md", (name) => {
	const help = execFileSync(process.execPath, [join(REPOSITORY, `services/${name}/dist/main.js`), "--help"], {
		encoding: "utf8",
	});
	for (const { flag, variable, usual, description } of describeSettings(ALL[name])) {
		expect(description, flag).not.toBe("");
		expect(help).toContain(`${flag}, ${variable}`);
		expect(DOCUMENT).toContain(`| \`${flag}\` | ${usual === "" ? "" : `\`${usual}\``} | ${description} |`);
	}
});
