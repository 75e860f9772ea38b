import { DESCRIPTOR_SET } from "./generated/descriptor-set.js";

/** The protocol as a serialised `google.protobuf.FileDescriptorSet`, with the comments of the proto files. */
export function descriptorSet(): Uint8Array {
	return Buffer.from(DESCRIPTOR_SET, "base64");
}
