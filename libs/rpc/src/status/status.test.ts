import { ArchgenError, type ErrorCategory } from "@archgen/errors";
import { Metadata, status } from "@grpc/grpc-js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { STATUS_OF_CATEGORY } from "./categories.js";
import { statusToError } from "./decode.js";
import { DETAILS_KEY, errorToStatus } from "./encode.js";
import { errorToItem, itemToError } from "./item-error.js";

// Folders of the machine are left out on the way, so there are none in these.
const text = fc.string({ minLength: 1, unit: "grapheme" }).filter((words) => !/[\\/]/.test(words));
const anyError = fc
	.record({
		category: fc.constantFrom(...(Object.keys(STATUS_OF_CATEGORY) as ErrorCategory[])),
		reason: fc.stringMatching(/^[A-Z][A-Z_]{0,20}$/),
		message: text,
		violations: fc.array(fc.record({ field: text, description: text }), { maxLength: 4 }),
		metadata: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text, { maxKeys: 4 }),
		retryAfterMs: fc.option(fc.nat({ max: 1e7 }), { nil: undefined }),
	})
	.map((details) => new ArchgenError(details));

function facts({ category, reason, message, violations, metadata, retryAfterMs }: ArchgenError) {
	return { category, reason, message, violations, metadata: { ...metadata }, retryAfterMs };
}

test("an error survives the way through a status", () => {
	fc.assert(
		fc.property(anyError, (error) => {
			const received = Object.assign(new Error(error.message), errorToStatus(error));
			expect(facts(statusToError(received))).toEqual(facts(error));
		}),
	);
});

test("an error survives the way through an item of a batch", () => {
	fc.assert(
		fc.property(anyError, (error) => {
			const { category, reason, message, violations } = itemToError(errorToItem(error));
			expect({ category, reason, message, violations }).toEqual({
				category: error.category,
				reason: error.reason,
				message: error.message,
				violations: error.violations,
			});
		}),
	);
});

test("a status without details keeps its code as the reason", () => {
	const failure = Object.assign(new Error("x"), {
		code: status.UNAVAILABLE,
		details: "gone",
		metadata: new Metadata(),
	});
	expect(statusToError(failure)).toMatchObject({
		category: "UNAVAILABLE",
		reason: "UNAVAILABLE",
		message: "gone",
	});
});

test("a stream that ended without a status is a lost connection", () => {
	const failure = Object.assign(new Error("x"), {
		code: status.INTERNAL,
		details: "Received RST_STREAM with code 0 (Call ended without gRPC status)",
		metadata: new Metadata(),
	});
	expect(statusToError(failure)).toMatchObject({ category: "UNAVAILABLE", reason: "CONNECTION_LOST" });
	const own = Object.assign(new Error("x"), { ...failure, details: "a bug of ours" });
	expect(statusToError(own)).toMatchObject({ category: "INTERNAL" });
});

test("garbled details do not hide the status", () => {
	const metadata = new Metadata();
	metadata.set(DETAILS_KEY, Buffer.from([0xff, 0x01, 0x02]));
	const failure = Object.assign(new Error("x"), {
		code: status.NOT_FOUND,
		details: "no such model",
		metadata,
	});
	expect(statusToError(failure)).toMatchObject({ category: "NOT_FOUND", reason: "NOT_FOUND" });
});

test("what is no gRPC failure becomes INTERNAL", () => {
	expect(statusToError(new TypeError("boom"))).toMatchObject({ category: "INTERNAL", reason: "UNKNOWN" });
});

test("callers are told no folders of the machine; methods, addresses and shares stay as they are", () => {
	const told = (message: string) =>
		errorToStatus(
			new ArchgenError({ category: "INTERNAL", reason: "X", message, metadata: { at: message } }),
		);
	expect(told("/srv/archgen/models/default/1: manifest.json is damaged").details).toBe(
		"…/1: manifest.json is damaged",
	);
	expect(told("see /var/lib/pg/server.log.").details).toBe("see …/server.log.");
	for (const plain of [
		"evolutionJobs/a is done",
		"12/20 at 1/s",
		"http://a.b/c/d",
		"127.0.0.1:50050",
		"archgen.gvae.v1.GvaeService/Decode",
	])
		expect(told(plain).details).toBe(plain);
	expect(statusToError(told("/a/b/c")).metadata).toEqual({ at: "…/c" });
});
