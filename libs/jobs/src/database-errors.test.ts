import { ArchgenError } from "@archgen/errors";
import { expect, test } from "vitest";
import { databaseError } from "./database-errors.js";

const full = Object.assign(new Error("could not extend file"), { code: "53100" });

test.each([
	["of the driver", full, "DATABASE_DISK_FULL"],
	["behind another", new Error("step failed", { cause: full }), "DATABASE_DISK_FULL"],
	["that kept DBOS from starting", Object.assign(new Error("launch"), { error: full }), "DATABASE_DISK_FULL"],
	["of the network", new Error("connect ECONNREFUSED 127.0.0.1:5432"), "DATABASE_UNAVAILABLE"],
])("an error %s passes", (_, error, reason) => {
	expect(databaseError(error)).toMatchObject({ category: "UNAVAILABLE", reason });
});

test("what is none of the database's comes back as it is", () => {
	const ours = new ArchgenError({ category: "NOT_FOUND", reason: "X", message: "x" });
	for (const error of [new Error("other", { cause: new Error("inner") }), new Error("plain"), ours, "text"])
		expect(databaseError(error)).toBe(error);
});
