#!/usr/bin/env node
// Writes the compiled protocol as a TypeScript module, so that the built package answers server reflection by itself.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const compile = ["build", "proto", "--exclude-source-info", "-o", "-"];
const bytes = execFileSync(`${root}/node_modules/.bin/buf`, compile, { cwd: root });
writeFileSync(
	`${root}/libs/rpc/src/generated/descriptor-set.ts`,
	`/** The serialised \`FileDescriptorSet\` of proto/, in base64. */
export const DESCRIPTOR_SET = "${bytes.toString("base64")}";
`,
);
