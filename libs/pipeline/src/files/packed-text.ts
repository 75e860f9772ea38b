import { createHash } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { promisify } from "node:util";
import { constants, gunzip, gzip } from "node:zlib";
import { ArchgenError } from "@archgen/errors";
import { decodeText, writeWhole } from "@archgen/files";

/** Largest text that is unpacked: a small file must not fill the memory. */
const MAX_BYTES = 256 * 2 ** 20;

/**
 * The text of a file. One whose name ends in `.gz` is compared with the SHA-256 in the file of the same name and `.sha256` first
 * (the form that `sha256sum -c` reads), then unpacked.
 *
 * @throws ArchgenError DATA_LOSS `CHECKSUM_MISMATCH`, `CHECKSUM_MISSING` or `PACKED_FILE_INVALID` naming the file; what the file system says
 */
export async function readText(path: string): Promise<string> {
	const bytes = await readFile(path);
	if (!path.endsWith(".gz")) return decodeText(bytes);
	await verify(path, bytes);
	const text = await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES }).catch((cause: Error) => {
		throw damaged("PACKED_FILE_INVALID", `${path} does not unpack (${cause.message}); pack it again.`, cause);
	});
	return decodeText(text);
}

/** Writes a text packed, with its checksum beside it; the same text gives the same bytes. */
export async function packText(path: string, text: string): Promise<void> {
	const bytes = await promisify(gzip)(text, { level: constants.Z_BEST_COMPRESSION });
	await mkdir(dirname(path), { recursive: true });
	await writeWhole(checksumPath(path), `${sha256(bytes)}  ${basename(path)}\n`);
	await writeWhole(path, bytes);
}

async function verify(path: string, bytes: Uint8Array): Promise<void> {
	const line = await readFile(checksumPath(path), "utf8").catch((cause: unknown) => {
		throw damaged("CHECKSUM_MISSING", `${checksumPath(path)} is missing; restore it beside the file.`, cause);
	});
	if (line.slice(0, 64) !== sha256(bytes)) {
		const message = `${path} does not have the checksum in ${checksumPath(path)}; restore both files.`;
		throw damaged("CHECKSUM_MISMATCH", message);
	}
}

function checksumPath(path: string): string {
	return `${path}.sha256`;
}

function sha256(bytes: Uint8Array): string {
	return createHash("sha256").update(bytes).digest("hex");
}

function damaged(reason: string, message: string, cause?: unknown): ArchgenError {
	return new ArchgenError({ category: "DATA_LOSS", reason, message, cause });
}
