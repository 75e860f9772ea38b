import { ArchgenError } from "@archgen/errors";
import { buildModel, ParameterScope, readFloatConstants, type Tensor } from "@archgen/tensor-graph";

/** Trained parameters by name. */
export type Parameters = ReadonlyMap<string, Float32Array>;

/** A network: adds its parameters to the scope and returns its outputs by name. */
export type NetworkBuilder = (scope: ParameterScope) => {
	readonly inputs: readonly Tensor[];
	readonly outputs: Readonly<Record<string, Tensor>>;
};

/** The network as ONNX with its parameters as constants. */
export function bakeNetwork(name: string, graph: NetworkBuilder, parameters: Parameters): Uint8Array {
	const scope = new ParameterScope();
	const { inputs, outputs } = graph(scope);
	const constants = new Map(
		scope.specs().map(({ name: key, shape }) => [key, { data: parameters.get(key)!, shape }] as const),
	);
	return buildModel({ name, inputs, outputs, constants });
}

/**
 * The parameters of a network that {@link bakeNetwork} wrote, in whatever form they are stored.
 *
 * @param file its name, for the error
 * @throws ArchgenError FAILED_PRECONDITION `OTHER_NETWORK` for a file of another network; DATA_LOSS `NETWORK_DAMAGED` for none
 */
export function storedParameters(graph: NetworkBuilder, bytes: Uint8Array, file: string): Parameters {
	const scope = new ParameterScope();
	graph(scope);
	const stored = constantsOf(bytes, file);
	return new Map(
		scope.specs().map(({ name, shape }) => {
			const values = stored.get(name);
			const length = shape.reduce((product, dim) => product * dim, 1);
			if (values?.length !== length) throw otherNetwork(file, name);
			return [name, values] as const;
		}),
	);
}

function constantsOf(bytes: Uint8Array, file: string): ReadonlyMap<string, Float32Array> {
	try {
		return readFloatConstants(bytes);
	} catch (cause) {
		throw new ArchgenError({
			category: "DATA_LOSS",
			reason: "NETWORK_DAMAGED",
			message: `${file} is no ONNX network or damaged (${(cause as Error).message}); restore it, or train it again.`,
			metadata: { file },
			cause,
		});
	}
}

function otherNetwork(file: string, parameter: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "OTHER_NETWORK",
		message: `${file} has no "${parameter}" of the expected size: it holds another network than this version's; train it again.`,
		metadata: { file, parameter },
	});
}
