import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { type FileDescriptorProto, FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { registry } from "../protocol.js";

/** Comment of each message, field, enum, value, service and method, by its descriptor message. */
const comments = new Map<unknown, string>([...registry.files].flatMap(({ proto }) => commentsOf(proto)));

/** The comment of the proto file above a declaration; empty for none. */
export function commentOf({ proto }: { readonly proto: Message }): string {
	return comments.get(proto) ?? "";
}

/** The comment as a `description`, where there is one. */
export function description(described: { readonly proto: Message }): { readonly description?: string } {
	const text = commentOf(described);
	return text === "" ? {} : { description: text };
}

function commentsOf(file: FileDescriptorProto): [unknown, string][] {
	return (file.sourceCodeInfo?.location ?? []).map(({ path, leadingComments }) => [
		declarationAt(file, path),
		leadingComments
			.split("\n")
			.map((line) => line.trim())
			.join("\n")
			.trim(),
	]);
}

/** Follows a path of field numbers and indices, as `SourceCodeInfo` writes them, to what it leads to. */
function declarationAt(file: FileDescriptorProto, path: readonly number[]): unknown {
	let node: unknown = file;
	let schema: DescMessage | undefined = FileDescriptorProtoSchema;
	for (let i = 0; i < path.length; i += 2) {
		const field: DescField | undefined = schema?.fields.find(({ number }) => number === path[i]);
		const list = field && (node as Record<string, unknown[] | undefined>)[field.localName];
		node = list?.[path[i + 1] ?? -1];
		schema = field?.message;
	}
	return node;
}
