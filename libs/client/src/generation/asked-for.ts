import type { Question } from "./ask.js";
import type { AskedFor } from "./keep-answer.js";

/** The request as a person reads it, without what was left to the services. */
export function askedFor({
	constraints,
	input,
	classes,
	candidates,
	top,
	seed,
	...question
}: Question): AskedFor {
	const { objective, evaluations, temperature, modelVersion, cellGenerator, maxLatencyMs } = question;
	const { naswot, snipSsnr, sequenceTemperature, drawsPerSequence, scored } = question;
	const { inputWidth, inputChannels, task, outputStride } = question;
	const wishes = {
		...{ scored, naswot, snipSsnr, objective, evaluations },
		...{ temperature, sequenceTemperature, drawsPerSequence },
		...{ modelVersion, cellGenerator, maxLatencyMs, inputWidth, inputChannels, task, outputStride },
	};
	const given = Object.entries(wishes).filter(([, value]) => value !== undefined);
	return { ...constraints, input, classes, candidates, top, seed, ...Object.fromEntries(given) };
}
