import { short, table } from "@archgen/text";
import type { Answer, AnswerNetwork } from "./answer.js";

/** An answer for people: a row for each network, then where the time went. */
export function describeAnswer(answer: Answer): string {
	const { networks, reason, closest, generated, feasible, screened } = answer;
	if (networks.length === 0)
		return [reason, closest && `Closest: ${counts(closest)}`].filter(Boolean).join("\n");
	const timed = networks.some(({ latency }) => latency !== undefined);
	const rows = networks.map(({ rank, scores, latency, ...network }) => [
		rank,
		short(network.counts.parameterCount),
		short(network.counts.macCount),
		short(network.counts.flopCount),
		network.counts.layerCount,
		margins(network),
		score(scores.tcet),
		score(scores.naswot),
		score(scores.snip_ssnr),
		...(timed ? [latency ? `${latency.ms.toPrecision(3)} ± ${latency.errorMs.toPrecision(2)}` : "-"] : []),
	]);
	const head = [
		"rank",
		"parameters",
		"MACs",
		"flopCount",
		"layers",
		"margin",
		"T-CET",
		"NASWOT",
		"SNIP-SSNR",
		...(timed ? ["latency ms"] : []),
	];
	const times = Object.entries(answer.seconds).map(([step, seconds]) => `${step} ${seconds.toFixed(1)} s`);
	const chosen = screened > 0 ? `, the ${feasible - screened} most promising scored` : "";
	return [
		table(head, rows),
		"",
		`${generated} generated, ${feasible} within every bound${chosen}; ${times.join(", ")}`,
		...(answer.warnings ?? []).map((warning) => `Warning: ${warning}`),
	].join("\n");
}

function score(value: number | undefined): string {
	return value === undefined ? "-" : value.toFixed(value < 1000 ? 1 : 0);
}

/** The tightest margin, which decides. */
function margins({ margins: all }: AnswerNetwork): string {
	const shares = Object.values(all).map(({ relative }) => relative);
	return shares.length === 0 ? "-" : `${(Math.min(...shares) * 100).toFixed(1)} %`;
}

function counts({ counts: { parameterCount, macCount, flopCount } }: AnswerNetwork): string {
	return `${short(parameterCount)} parameters, ${short(macCount)} MACs, flopCount ${short(flopCount)}`;
}
