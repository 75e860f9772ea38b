#!/usr/bin/env node
// Writes docs/settings.md from the typed settings of the services; a test compares the two.
import { writeFileSync } from "node:fs";
import { describeSettings, serverSettings } from "@archgen/rpc";

const SERVICES = ["orchestrator", "zc-proxy", "gvae", "ccnf", "seqgen", "diffusion", "web"];
const common = new Map(describeSettings(serverSettings).map((setting) => [setting.flag, setting]));

const row = ({ flag, usual, description }) =>
	`| \`${flag}\` | ${usual === "" ? "" : `\`${usual}\``} | ${description} |`;
const table = (settings) =>
	["| flag | default | meaning |", "|---|---|---|", ...settings.map(row)].join("\n");
const isOwn = ({ flag, usual, description }) => {
	const known = common.get(flag);
	return known === undefined || known.usual !== usual || known.description !== description;
};

const sections = [];
for (const service of SERVICES) {
	const module = await import(`@archgen/${service}-service`);
	const schema = Object.entries(module).find(([name]) => name.endsWith("Settings"))[1];
	sections.push(`## ${service}\n${table(describeSettings(schema).filter(isOwn))}`);
}
const shared = describeSettings(serverSettings).filter(({ flag }) => flag !== "--port");
writeFileSync(
	new URL("../../docs/settings.md", import.meta.url),
	`# Settings of the services

A setting is a flag (\`--limits-drain-ms 5000\`), an environment variable (\`ARCHGEN_LIMITS_DRAIN_MS\`) or a key of the JSON file that
\`--config\` or \`ARCHGEN_CONFIG\` names (\`{"limits": {"drainMs": 5000}}\`); flags win over the environment, that over the file.
\`node services/NAME/dist/main.js --help\` prints the same. This page is written by \`node tools/scripts/write-settings.mjs\`.

## Every service
${table(shared)}

${sections.join("\n\n")}
`,
);
