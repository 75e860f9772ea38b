import type { JobView } from "@archgen/jobs";
import { orchestrator } from "@archgen/rpc";
import { jobToMessage, unreadableJob } from "./job-message.js";

/** The message of a job; one that a release before wrote and this one cannot read is shown as far as that goes. */
export function viewToMessage({ job, live }: JobView): orchestrator.EvolutionJob {
	try {
		const message = jobToMessage(job, live);
		// What does not fit into the message shows when it is written.
		orchestrator.EvolutionJob.encode(message).finish();
		return message;
	} catch {
		return unreadableJob(job);
	}
}
