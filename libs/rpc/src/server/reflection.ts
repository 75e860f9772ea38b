import { BinaryReader } from "@bufbuild/protobuf/wire";
import { ReflectionService } from "@grpc/reflection";
import { descriptorSet } from "../descriptor-set.js";

type Packages = ConstructorParameters<typeof ReflectionService>[0];

/** Server reflection for the named services, for health, and for the details of errors. */
export function createReflection(services: readonly string[]): ReflectionService {
	const compiled = {
		format: "Protocol Buffer 3 DescriptorProto",
		type: {},
		fileDescriptorProtos: ownDescriptors(),
	};
	return new ReflectionService({ compiled } as unknown as Packages, {
		services: [...services, "grpc.health.v1.Health"],
	});
}

/** The files of a serialised `FileDescriptorSet`, each still serialised, as they were compiled. */
function ownDescriptors(): Buffer[] {
	const reader = new BinaryReader(descriptorSet());
	const files: Buffer[] = [];
	while (reader.pos < reader.len) {
		reader.tag();
		files.push(Buffer.from(reader.bytes()));
	}
	return files;
}
