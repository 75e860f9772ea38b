import { createRequire } from "node:module";
import { watch } from "./watched.js";

/** What every Kubernetes object has. */
export interface KubernetesObject {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: { readonly name: string };
}

interface SchemaError {
	readonly keyword: string;
	readonly instancePath: string;
	readonly message?: string;
}

/** How strictly to look at an object. */
export interface Strictness {
	/** The object is a patch, in which required fields may be missing. */
	readonly partial?: boolean;
}

/**
 * Everything that the schema of an object's kind holds against it. kubernetes-models carries compiled validators which let
 * unknown fields pass; but a validator looks at each field it knows, so the fields that it never looked at are the unknown ones.
 * Empty lists fit the schemas, but the server does not keep them, so that every `kubectl apply` would change the object again.
 */
export function violations(object: KubernetesObject, { partial = false }: Strictness = {}): string[] {
	const { apiVersion, kind } = object;
	const validate = validatorOf(apiVersion, kind);
	if (validate === undefined) return [`there is no ${kind} in ${apiVersion}`];
	const watched = watch(object);
	const errors = schemaErrors(() => validate.call(watched.value));
	return [
		...errors
			.filter(({ keyword }) => !(partial && keyword === "required"))
			.map(({ instancePath, message }) => `${instancePath} ${message}`),
		...watched.unread().map((path) => `${path} is not a field`),
		...emptyLists(object).map((path) => `${path} is an empty list`),
	];
}

/** JSON pointers of the lists without entries. */
function emptyLists(value: unknown, path = ""): string[] {
	if (typeof value !== "object" || value === null) return [];
	if (Array.isArray(value) && value.length === 0) return [path];
	return Object.entries(value).flatMap(([key, child]) => emptyLists(child, `${path}/${key}`));
}

const requireModule = createRequire(import.meta.url);

type Validate = (this: unknown) => void;

function validatorOf(apiVersion: string, kind: string): Validate | undefined {
	const models = apiVersion.startsWith("keda.sh/") ? "@kubernetes-models/keda" : "kubernetes-models";
	try {
		const module = requireModule(`${models}/${apiVersion}/${kind}`) as Record<
			string,
			{ prototype: { validate: Validate } }
		>;
		return module[kind]?.prototype.validate;
	} catch {
		return undefined;
	}
}

function schemaErrors(validate: () => void): readonly SchemaError[] {
	try {
		validate();
		return [];
	} catch (failure) {
		const { errors } = failure as { errors?: readonly SchemaError[] };
		if (errors === undefined) throw failure;
		return errors;
	}
}
