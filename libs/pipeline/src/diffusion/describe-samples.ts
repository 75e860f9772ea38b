import type { SampleReport } from "@archgen/score-diffusion";
import { table } from "@archgen/text";

const written = (architecture: unknown) =>
	typeof architecture === "string" ? architecture : JSON.stringify(architecture);

/** A line for each sample, or for the nearest one where none meets the bound, and the shares of valid and distinct ones. */
export function describeSamples(report: SampleReport): string {
	const { samples, nearest, validity, uniqueness, millisecondsPerSample } = report;
	const shown = nearest ? [nearest] : samples;
	const names = Object.keys(shown[0]?.predicted ?? {});
	const rows = shown.map((sample) => [
		sample.valid ? written(sample.architecture) : "(invalid)",
		...[sample.parameterCount ?? "", sample.macCount ?? ""],
		...names.map((name) => sample.predicted[name]?.toFixed(2) ?? ""),
	]);
	const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
	return [
		...(nearest ? ["No sample meets the bound; the nearest one:"] : []),
		table(["architecture", "parameters", "MACs", ...names], rows),
		`${percent(validity)} valid, ${percent(uniqueness)} of them unique, ${millisecondsPerSample.toFixed(1)} ms a sample`,
	].join("\n");
}
