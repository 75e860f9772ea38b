import { useSignal } from "@preact/signals";
import { Download } from "lucide-preact";
import { type CallError, problemOf } from "../api/client.js";
import { exportFile, FORMATS, type Format, save } from "../api/export.js";
import { Failure } from "../parts/parts.js";
import type { Shown } from "../state.js";

/** A network as a file of every format. */
export function Downloads({ item }: { readonly item: Shown }) {
	const busy = useSignal<Format | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const download = async (format: Format) => {
		busy.value = format;
		error.value = undefined;
		try {
			const { name, blob } = await exportFile(item, format);
			save(name, blob);
		} catch (failure) {
			error.value = problemOf(failure);
		} finally {
			busy.value = undefined;
		}
	};
	return (
		<div class="toolbar">
			{FORMATS.map(([format, title]) => (
				<button
					key={format}
					type="button"
					disabled={busy.value !== undefined}
					onClick={() => void download(format)}
				>
					<Download size={14} aria-hidden="true" />
					{busy.value === format ? "Writing …" : title}
				</button>
			))}
			<Failure error={error.value} />
		</div>
	);
}
