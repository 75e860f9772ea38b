import type { Axis } from "./axes.js";

/** Which quantity an axis shows. */
export function AxisChoice({
	label,
	axes,
	value,
	onChange,
}: {
	label: string;
	axes: readonly Axis[];
	value: string;
	onChange: (key: string) => void;
}) {
	return (
		<label class="inline">
			{label}
			<select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
				{axes.map(({ key, title }) => (
					<option key={key} value={key}>
						{title}
					</option>
				))}
			</select>
		</label>
	);
}
