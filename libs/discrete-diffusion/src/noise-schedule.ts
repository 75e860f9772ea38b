/** Time runs over the whole numbers from 0, data, to `steps`, noise alone. */
export interface NoiseSchedule {
	/** Default 500, as published. */
	readonly steps: number;
	/** Offset s of the cosine, default 0.008. */
	readonly offset: number;
}

/** The published schedule. */
export const COSINE_SCHEDULE: NoiseSchedule = { steps: 500, offset: 0.008 };

/** ᾱ(t): the probability that a class has not been drawn anew by time t, cos²(½π (t/T + s)/(1 + s)) over its value at 0 (Nichol & Dhariwal 2021). */
export function keptShare({ steps, offset }: NoiseSchedule, t: number): number {
	if (t >= steps) return 0;
	const at = (u: number) => Math.cos((Math.PI / 2) * ((u + offset) / (1 + offset))) ** 2;
	return at(t / steps) / at(0);
}

/**
 * Times of a sampling from `steps` of the schedule down to 0, both included, at equal distances.
 *
 * @param jumps number of reverse steps, at most those of the schedule
 */
export function samplingTimes({ steps }: NoiseSchedule, jumps: number): number[] {
	return Array.from({ length: jumps + 1 }, (_, i) => Math.round((steps * (jumps - i)) / jumps));
}
