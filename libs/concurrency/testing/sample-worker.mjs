import { ArchgenError } from "@archgen/errors";
import { serveCalls } from "../dist/index.js";

const log = [];
const ANSWERS = {
	double: async ({ value }) => 2 * value,
	log: async () => [...log],
	wait: async ({ name }, signal) => {
		log.push(`begin ${name}`);
		while (!signal.aborted) await new Promise(setImmediate);
		log.push(`end ${name}`);
		throw signal.reason;
	},
	refuse: async () => {
		throw new ArchgenError({ category: "NOT_FOUND", reason: "GONE", message: "gone", metadata: { a: "b" } });
	},
	break: async () => {
		throw new TypeError("broken");
	},
	die: async () => process.exit(1),
};

serveCalls((request, signal) => ANSWERS[request.kind](request, signal), {
	oneAtATime: process.argv.includes("one-at-a-time"),
	note: () => log.length,
	...(process.argv.includes("named") && { failureReason: "BROKEN" }),
});
