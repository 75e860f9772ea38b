import { route } from "../state.js";
import { Job } from "./job.js";
import { JobComparison } from "./job-comparison.js";
import { JobList } from "./job-list.js";

/** All jobs, one of them, or several compared. */
export function Jobs() {
	const [id, ...others] = route.value.rest;
	if (id === undefined) return <JobList />;
	return id === "compare" && others.length > 0 ? <JobComparison ids={others} /> : <Job key={id} id={id} />;
}
