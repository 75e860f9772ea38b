import { invalidArgument } from "@archgen/errors";
import { configure, type FileEntry, Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { MAX_FILE_BYTES } from "./read-file.js";

configure({ useWebWorkers: false });

/**
 * The wanted members of an `.npz` archive, by their names without `.npy`; others are never unpacked. Every member's CRC-32 and sizes are compared with
 * those in the archive.
 *
 * @param wanted names of arrays
 * @throws ArchgenError INVALID_ARGUMENT on field `images`: `CHECKSUM_MISMATCH`, `FILE_TOO_LARGE`, `NPZ_UNSUPPORTED` for encrypted members and two of one
 *   name, `TRUNCATED_FILE` for everything else that is damaged
 */
export async function readNpz(
	file: Uint8Array,
	wanted: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
	const reader = new ZipReader(new Uint8ArrayReader(file));
	const arrays = new Map<string, Uint8Array>();
	try {
		for (const entry of await reader.getEntries()) {
			const name = entry.filename.replace(/\.npy$/, "");
			if (entry.directory || !wanted.includes(name)) continue;
			if (arrays.has(name)) throw refused("NPZ_UNSUPPORTED", `holds ${name} twice; write it anew`);
			arrays.set(name, await unpack(entry as FileEntry));
		}
		return arrays;
	} catch (cause) {
		throw damaged(cause);
	} finally {
		await reader.close().catch(() => {});
	}
}

async function unpack(entry: FileEntry): Promise<Uint8Array> {
	const { filename, uncompressedSize, encrypted } = entry;
	if (encrypted) throw refused("NPZ_UNSUPPORTED", `holds ${filename} encrypted; write it without a password`);
	if (uncompressedSize > MAX_FILE_BYTES)
		throw refused("FILE_TOO_LARGE", `holds ${filename} with ${uncompressedSize} bytes; split it`);
	return entry.getData(new Uint8ArrayWriter(), { checkCrc32: true }).catch((cause: unknown) => {
		const why = cause instanceof Error ? cause.message : String(cause);
		const reason = /crc|signature/i.test(why) ? "CHECKSUM_MISMATCH" : "TRUNCATED_FILE";
		throw refused(reason, `is damaged: ${filename} does not unpack (${why}); restore it from its source`);
	});
}

function damaged(cause: unknown): unknown {
	if (cause instanceof Error && cause.name === "ArchgenError") return cause;
	const why = cause instanceof Error ? cause.message : String(cause);
	return refused("TRUNCATED_FILE", `is truncated or damaged (${why})`);
}

function refused(reason: string, description: string): Error {
	return invalidArgument("images", `the .npz archive ${description}`, reason);
}
