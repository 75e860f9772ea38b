/** Attribute values; undefined leaves the attribute out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Text made safe for XML content and double-quoted attributes. */
export function escapeXml(text: string): string {
	return text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}

/** An XML element; children are XML already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
	const written = Object.entries(attributes)
		.filter(([, value]) => value !== undefined)
		.map(([key, value]) => ` ${key}="${escapeXml(typeof value === "number" ? decimal(value) : `${value}`)}"`)
		.join("");
	return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** A line of text. */
export function text(x: number, y: number, content: string, style: string): string {
	return element("text", { x, y, class: style }, escapeXml(content));
}

/** One decimal is a tenth of a pixel; more would only lengthen the file. */
function decimal(value: number): string {
	return `${Math.round(value * 10) / 10}`;
}
