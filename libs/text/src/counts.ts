const NUMBER = String.raw`(\d+(?:\.\d+)?(?:e\+?\d+)?)`;
const COUNT = new RegExp(String.raw`^${NUMBER}\s*([KMGT]?)$`, "i");
const BYTES = new RegExp(String.raw`^${NUMBER}\s*([KMGT]?)(i?)(?:B|bytes)?$`, "i");
const PREFIXES = ["", "K", "M", "G", "T"];

/** The positive whole number that a text such as `450000000`, `450_000_000`, `450M`, `450 M`, `1.5G` or `4.5e8` means; undefined where it means none. */
export function parseCount(text: string): number | undefined {
	const [, number, prefix] = COUNT.exec(withoutUnderscores(text)) ?? [];
	return positive(number, prefix, 1000);
}

/**
 * The bytes that a text such as `786432`, `256k`, `1.5 MB` or `768 KiB` means: powers of 1000, of 1024 with an `i`. Undefined where it means none.
 */
export function parseBytes(text: string): number | undefined {
	const [, number, prefix, binary] = BYTES.exec(withoutUnderscores(text)) ?? [];
	return prefix === "" && binary ? undefined : positive(number, prefix, binary ? 1024 : 1000);
}

const withoutUnderscores = (text: string) => text.trim().replaceAll(/(?<=\d)_(?=\d)/g, "");

function positive(number: string | undefined, prefix = "", base: number): number | undefined {
	const value = Math.round(Number(number) * base ** PREFIXES.indexOf(prefix.toUpperCase()));
	return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}
