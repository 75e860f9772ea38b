#!/usr/bin/env node
// Writes the compiled protocol as a TypeScript module, so that the built package answers server reflection by itself.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const google = "node_modules/google-gax/build/protos";
// Beside our own protocol what every service answers or fails with, although no file of ours imports it.
const INPUTS = [
	["proto"],
	[google, "--path", `${google}/google/rpc/error_details.proto`],
	["node_modules/grpc-health-check/proto"],
];

const compile = (input) =>
	execFileSync(`${root}/node_modules/.bin/buf`, ["build", ...input, "--exclude-source-info", "-o", "-"], {
		cwd: root,
	});
// Serialised sets behind one another are the serialised union.
const bytes = Buffer.concat(INPUTS.map(compile));
writeFileSync(
	`${root}/libs/rpc/src/generated/descriptor-set.ts`,
	`/** The serialised \`FileDescriptorSet\` of the protocol, in base64. */
export const DESCRIPTOR_SET = "${bytes.toString("base64")}";
`,
);
