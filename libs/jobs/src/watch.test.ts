import { ArchgenError } from "@archgen/errors";
import { expect, test } from "vitest";
import type { JobEngine } from "./engine.js";
import { Jobs, type JobView } from "./jobs.js";

/** Jobs over a database that answers each read with the next of these: a state, or the category of an error. */
function jobsThatRead(...answers: string[]): Jobs {
	const get = async () => {
		const answer = answers.shift() ?? "SUCCEEDED";
		if (["RUNNING", "SUCCEEDED"].includes(answer)) return { state: answer };
		throw new ArchgenError({ category: answer as "UNAVAILABLE", reason: "GONE", message: "gone" });
	};
	const engine = { store: { get }, live: () => undefined } as unknown as JobEngine;
	return new Jobs({ needed: async () => engine, ifAny: async () => engine });
}

async function watched(jobs: Jobs): Promise<string[]> {
	const states: string[] = [];
	const { signal } = new AbortController();
	for await (const { job } of jobs.watch("job", signal) as AsyncIterable<JobView>) states.push(job.state);
	return states;
}

test("who watches a job does not notice that the database was away for a moment", async () => {
	const jobs = jobsThatRead("UNAVAILABLE", "RUNNING", "UNAVAILABLE", "UNAVAILABLE", "RUNNING", "SUCCEEDED");
	expect(await watched(jobs)).toEqual(["RUNNING", "SUCCEEDED"]);
});

test("other failures end a watch", async () => {
	await expect(watched(jobsThatRead("RUNNING", "NOT_FOUND"))).rejects.toMatchObject({ reason: "GONE" });
});
