import { parser } from "@prometheus-io/lezer-promql";

/** What one selector of a query asks for. */
export interface Selector {
	readonly metric: string;
	/** Names of labels that it compares, and of those that the query groups by. */
	readonly labels: readonly string[];
}

/**
 * The selectors of a PromQL query.
 *
 * @throws Error with the place at which the query is no PromQL
 */
export function selectorsOf(query: string): Selector[] {
	const metrics: string[] = [];
	const labels: string[] = [];
	parser.parse(query).iterate({
		enter: ({ type, from, to }) => {
			const text = query.slice(from, to);
			if (type.isError) throw new Error(`${query}: is no PromQL at ${from} (${text})`);
			if (type.name === "Identifier") metrics.push(text);
			if (type.name === "LabelName") labels.push(text);
		},
	});
	return [...new Set(metrics)].map((metric) => ({ metric, labels: [...new Set(labels)] }));
}

/** A panel of a Grafana dashboard. */
export interface Panel {
	readonly title: string;
	readonly gridPos: Readonly<Record<"x" | "y" | "w" | "h", number>>;
	readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

/** A query with Grafana's variables replaced as Grafana does. */
export function withoutVariables(expression: string): string {
	return expression.replaceAll("$__rate_interval", "1m").replaceAll("$job", ".+");
}
