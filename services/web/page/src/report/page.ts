const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}td,th{padding:.3rem .6rem;border-bottom:1px solid #8884;text-align:right}
td:first-child,th:first-child{text-align:left}figure{margin:1.5rem 0}img,svg{max-width:100%;height:auto}pre{overflow:auto;font-size:12px}
circle{fill:#3a57c4}circle.dim{opacity:.35}text{fill:currentColor;font-size:12px}line{stroke:currentColor;opacity:.3}
.line{fill:none;stroke:#3a57c4;stroke-width:2}.cloud{fill:none;stroke:currentColor;opacity:.25;stroke-width:3;stroke-linecap:round}`;

/** Text that is safe between and inside tags. */
export const escapeHtml = (text: string): string =>
	text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A file that opens without a server, with its data as JSON. */
export function page(title: string, body: string, data: unknown): string {
	// Text of a script element must not end it.
	const json = JSON.stringify(data).replaceAll("<", "\\u003c");
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>archgen: ${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
${body}
<script type="application/json" id="data">${json}</script></body></html>
`;
}
