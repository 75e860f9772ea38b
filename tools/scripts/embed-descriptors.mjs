#!/usr/bin/env node
// Writes the compiled protocol as a TypeScript module, so that the built package answers server reflection by itself.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

const root = fileURLToPath(new URL("../..", import.meta.url));
const google = "node_modules/google-gax/build/protos";
// Beside our own protocol what every service answers or fails with, although no file of ours imports it.
const INPUTS = [
	["proto"],
	[google, "--path", `${google}/google/rpc/error_details.proto`],
	["node_modules/grpc-health-check/proto"],
];

const compile = (input) =>
	execFileSync(`${root}/node_modules/.bin/buf`, ["build", ...input, "-o", "-"], { cwd: root });

/** Keeps the comments of the files that describe services, and of places nothing but those with comments. */
function keepComments(file) {
	const described = /^(archgen|google\/longrunning)\//.test(file.name);
	const location = described
		? file.sourceCodeInfo.location.filter(
				({ leadingComments }) => leadingComments !== undefined && leadingComments !== "",
			)
		: [];
	for (const place of location) Object.assign(place, { span: [0, 0, 0], leadingDetachedComments: [] });
	file.sourceCodeInfo.location = location;
}

// Serialised sets behind one another are the serialised union; a file that comes twice is kept once.
const set = fromBinary(FileDescriptorSetSchema, Buffer.concat(INPUTS.map(compile)));
const files = new Map(set.file.map((file) => [file.name, file]));
set.file = [...files.values()];
for (const file of set.file) keepComments(file);
const bytes = Buffer.from(toBinary(FileDescriptorSetSchema, set));
writeFileSync(
	`${root}/libs/rpc/src/generated/descriptor-set.ts`,
	`/** The serialised \`FileDescriptorSet\` of the protocol, in base64. */
export const DESCRIPTOR_SET = "${bytes.toString("base64")}";
`,
);
