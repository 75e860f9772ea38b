import { expect, test } from "vitest";
import { parseExposition } from "./exposition.js";
import { selectorsOf } from "./queries.js";

const HEAD = "# HELP a_total A.\n# TYPE a_total counter\n";
const HISTOGRAM = "# HELP h H.\n# TYPE h histogram\n";

test("samples are read with labels and numbers", () => {
	expect(parseExposition(`${HEAD}a_total{x="1",y="a\\"b"} 2e+3\n`)).toEqual([
		{ name: "a_total", labels: { x: "1", y: 'a\\"b' }, value: 2000 },
	]);
});

test.each([
	["no line feed at the end", `${HEAD}a_total 1`],
	["a sample without a type", "a_total 1\n"],
	["a sample of another metric", `${HEAD}b_total 1\n`],
	["a metric that comes twice", `${HEAD}a_total 1\n${HEAD}`],
	["a counter without _total", "# HELP a A.\n# TYPE a counter\na 1\n"],
	["a gauge with _total", "# HELP a_total A.\n# TYPE a_total gauge\na_total 1\n"],
	["no number", `${HEAD}a_total one\n`],
	["a broken label", `${HEAD}a_total{x=1} 1\n`],
	["a label twice", `${HEAD}a_total{x="1",x="2"} 1\n`],
	["buckets that shrink", `${HISTOGRAM}h_bucket{le="1"} 2\nh_bucket{le="+Inf"} 1\n`],
	["no last bucket", `${HISTOGRAM}h_bucket{le="1"} 2\n`],
])("%s is refused", (_, text) => {
	expect(() => parseExposition(text)).toThrow();
});

test.each(["NaN", "Nan"])("%s, of a mean without samples, is a number", (text) => {
	expect(parseExposition(`# HELP g G.\n# TYPE g gauge\ng ${text}\n`)).toEqual([
		{ name: "g", labels: {}, value: Number.NaN },
	]);
});

test("selectors of a query, and what is no query", () => {
	expect(selectorsOf('sum by (job) (rate(a_total{code!="OK"}[1m])) / sum(b)')).toEqual([
		{ metric: "a_total", labels: ["job", "code"] },
		{ metric: "b", labels: ["job", "code"] },
	]);
	expect(() => selectorsOf("sum(rate(a_total[1m])")).toThrow("no PromQL");
});
