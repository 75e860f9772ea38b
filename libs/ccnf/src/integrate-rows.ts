import { solve } from "@archgen/ode";
import { f32, type Procedure } from "@archgen/tensor-graph";

/** Rows to be carried along the field. */
export interface RowsToIntegrate {
	/** States at t = 0 in normalised coordinates, flat [rows, D]. */
	readonly u: Float32Array;
	/** Standardised conditions, flat [rows, 4]. */
	readonly z: Float32Array;
	readonly rows: number;
	/** T */
	readonly endTime: number;
	/** Absolute and relative tolerance of the solver. */
	readonly tolerance: number;
}

export interface IntegratedRows {
	/** States at t = T, flat [rows, D]. */
	readonly u: Float32Array;
	/** Evaluations of the field. */
	readonly evaluations: number;
}

/** Dormand–Prince 5(4) from 0 to T over the velocity model, all rows as one state. */
const integrateRows: Procedure<RowsToIntegrate, IntegratedRows> = async (field, request, signal) => {
	const { u: y0, rows, endTime, tolerance } = request;
	const z = f32(request.z, [rows, request.z.length / rows]);
	const { y, evaluations } = await solve({
		field: async (t, state) => {
			const u = f32(state, [rows, state.length / rows]);
			const { velocity } = await field.run({ u, t: f32(new Float32Array(rows).fill(t), [rows, 1]), z });
			return velocity!.data as Float32Array;
		},
		y0,
		t0: 0,
		t1: endTime,
		atol: tolerance,
		rtol: tolerance,
		signal,
	});
	return { u: y, evaluations };
};

export default integrateRows;
