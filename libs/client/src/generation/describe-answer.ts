import { isObjectiveName, OBJECTIVES } from "@archgen/proxies";
import { short, table } from "@archgen/text";
import type { Answer, AnswerNetwork } from "./answer.js";

/** An answer for people: a row for each network, then where the time went. */
export function describeAnswer(answer: Answer): string {
	const { networks, reason, closest, generated, feasible, screened } = answer;
	if (networks.length === 0)
		return [reason, closest && `Closest: ${counts(closest)}`].filter(Boolean).join("\n");
	const timed = networks.some(({ latency }) => latency !== undefined);
	const shown = scoresToShow(answer);
	const rows = networks.map(({ rank, scores, latency, ...network }) => [
		rank,
		short(network.counts.parameterCount),
		short(network.counts.macCount),
		short(network.counts.flopCount),
		network.counts.layerCount,
		margins(network),
		...shown.map((name) => score(scores[name])),
		...(timed ? [latency ? `${latency.ms.toPrecision(3)} ± ${latency.errorMs.toPrecision(2)}` : "-"] : []),
	]);
	const head = [
		"rank",
		"parameters",
		"MACs",
		"flopCount",
		"layers",
		"margin",
		...shown.map((name) => SCORE_TITLES[name] ?? name),
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

/** Titles of the scores that most answers have. */
const SCORE_TITLES: Readonly<Record<string, string>> = {
	tcet_fit: "fit",
	tcet_fit_size: "fit, size",
	tcet_structure: "structure",
	tcet_structure_size: "structure, size",
	expected_accuracy: "expected accuracy",
	tcet_train: "T-CET train",
	tcet: "T-CET",
	naswot: "NASWOT",
	snip_ssnr: "SNIP-SSNR",
};

/** Scores that the networks have: those that rank first, then the usual ones. */
function scoresToShow({ networks, provenance: { objective } }: Answer): string[] {
	const found = new Set(networks.flatMap(({ scores }) => Object.keys(scores)));
	const ranking = isObjectiveName(objective) ? OBJECTIVES[objective].parts : [];
	return [...new Set([...ranking, ...Object.keys(SCORE_TITLES), ...found])].filter((name) => found.has(name));
}

function score(value: number | undefined): string {
	return value === undefined ? "-" : value < 1000 ? value.toPrecision(4) : value.toFixed(0);
}

/** The tightest margin, which decides. */
function margins({ margins: all }: AnswerNetwork): string {
	const shares = Object.values(all).map(({ relative }) => relative);
	return shares.length === 0 ? "-" : `${(Math.min(...shares) * 100).toFixed(1)} %`;
}

function counts({ counts: { parameterCount, macCount, flopCount } }: AnswerNetwork): string {
	return `${short(parameterCount)} parameters, ${short(macCount)} MACs, flopCount ${short(flopCount)}`;
}
