import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

/** One column of a table. */
export interface Column<T> {
	readonly key: string;
	readonly title: string;
	/** What is sorted by; columns without it are not sorted. */
	readonly value?: (item: T) => number | string;
	readonly cell: (item: T) => ComponentChildren;
	readonly numeric?: boolean;
}

interface Props<T> {
	readonly caption: string;
	readonly items: readonly T[];
	readonly columns: readonly Column<T>[];
	readonly rowKey: (item: T) => string;
	readonly highlighted?: string | undefined;
	readonly onHover?: (key: string | undefined) => void;
	readonly rowClass?: (item: T) => string;
}

/** A table whose columns sort by a click or a key on their heads. */
export function Table<T>({ caption, items, columns, rowKey, highlighted, onHover, rowClass }: Props<T>) {
	const order = useSignal<{ key: string; down: boolean } | undefined>(undefined);
	const by = columns.find(({ key }) => key === order.value?.key)?.value;
	const sorted =
		by === undefined
			? items
			: [...items].sort((a, b) => compare(by(a), by(b)) * (order.value!.down ? -1 : 1));
	const sort = (key: string) => {
		order.value = { key, down: order.value?.key === key ? !order.value.down : true };
	};
	const direction = (key: string) =>
		order.value?.key !== key ? "none" : order.value.down ? "descending" : "ascending";
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by keyboard
		<section class="scroll" tabIndex={0} aria-label={caption}>
			<table>
				<caption class="hidden">{caption}</caption>
				<thead>
					<tr>
						{columns.map(({ key, title, value, numeric }) => (
							<th
								key={key}
								scope="col"
								class={numeric ? "number" : ""}
								aria-sort={value ? direction(key) : undefined}
							>
								{value ? (
									<button type="button" class="head" onClick={() => sort(key)}>
										{title}
										<span aria-hidden="true">
											{{ none: "", descending: " ↓", ascending: " ↑" }[direction(key)]}
										</span>
									</button>
								) : (
									title
								)}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{sorted.map((item) => {
						const key = rowKey(item);
						return (
							<tr
								key={key}
								class={`${highlighted === key ? "highlighted" : ""} ${rowClass?.(item) ?? ""}`}
								onMouseEnter={() => onHover?.(key)}
								onMouseLeave={() => onHover?.(undefined)}
								onFocusIn={() => onHover?.(key)}
							>
								{columns.map((column) => (
									<td key={column.key} class={column.numeric ? "number" : ""}>
										{column.cell(item)}
									</td>
								))}
							</tr>
						);
					})}
				</tbody>
			</table>
		</section>
	);
}

function compare(a: number | string, b: number | string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
