import { useSignal } from "@preact/signals";
import { type CallError, problemOf } from "../api/client.js";
import { readLatencyTable } from "../latency-table.js";
import { Failure } from "../parts/parts.js";
import { keepLatencyTable, latencyTable } from "../state.js";

/** The latency table of the device, read from a file and kept in this browser. */
export function LatencyTableChoice() {
	const error = useSignal<CallError | undefined>(undefined);
	const table = latencyTable.value;
	const read = async (file: File | undefined) => {
		if (file === undefined) return;
		try {
			keepLatencyTable(await readLatencyTable(await file.text(), file.name));
			error.value = undefined;
		} catch (failure) {
			error.value = problemOf(failure);
		}
	};
	return (
		<div class="stack">
			<label>
				<span>
					Latency table <small>CSV or JSON, as “archgen profile-latency” writes it</small>
				</span>
				<input
					type="file"
					accept=".csv,.json"
					onChange={(event) => void read(event.currentTarget.files?.[0])}
				/>
			</label>
			{table && (
				<p class="note">
					{table.device}, {table.entries.length} entries{" "}
					<button type="button" class="link" onClick={() => keepLatencyTable(undefined)}>
						Forget it
					</button>
				</p>
			)}
			<Failure error={error.value} />
		</div>
	);
}
