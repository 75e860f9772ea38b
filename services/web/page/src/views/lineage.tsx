/** Longest text that is shown beside its name. */
const LONG = 120;

/** Data, seeds and configuration that something was made from: a tree of names and values that opens level by level. */
export function Lineage({ name, value }: { readonly name: string; readonly value: unknown }) {
	if (value === null || typeof value !== "object") return <Leaf name={name} text={String(value)} />;
	const entries = Array.isArray(value)
		? value.map((item, i) => [String(i + 1), item] as const)
		: Object.entries(value);
	const flat = JSON.stringify(value);
	if (flat.length <= LONG && entries.every(([, item]) => item === null || typeof item !== "object")) {
		return (
			<Leaf
				name={name}
				text={entries
					.map(([key, item]) => (Array.isArray(value) ? String(item) : `${key} ${item}`))
					.join(", ")}
			/>
		);
	}
	return (
		<details class="lineage" open={entries.length <= 12}>
			<summary>
				{name} <small>{entries.length}</small>
			</summary>
			{entries.map(([key, item]) => (
				<Lineage key={key} name={key} value={item} />
			))}
		</details>
	);
}

function Leaf({ name, text }: { readonly name: string; readonly text: string }) {
	return (
		<p class="lineage leaf">
			<span>{name}</span> <span>{text}</span>
		</p>
	);
}
