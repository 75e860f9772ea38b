import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { invalidArgument } from "@archgen/errors";

/** Extensions of pictures that are read. */
export const PICTURE_EXTENSIONS = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif", ".tiff"];
/** Extensions of pictures that others read and we do not: left out silently they would change a class. */
const FOREIGN = [".bmp", ".ppm", ".pgm", ".heic", ".jxl", ".avif", ".jp2"];
/** Bytes of a path at most. */
const LONGEST_LINK = 4096;
/** Folders below a class that are looked through. */
const DEEPEST = 4;

/** A folder's pictures and folders, in order of their names; links count as that to which they lead. */
export interface Listing {
	readonly path: string;
	/** Whole paths. */
	readonly pictures: readonly string[];
	/** Names. */
	readonly folders: readonly string[];
}

/**
 * Lists a folder; names that begin with a dot (`.ipynb_checkpoints`, `._1.png`) are passed over.
 *
 * @throws ArchgenError INVALID_ARGUMENT `FILE_UNREADABLE` for a link that leads nowhere, `UNSUPPORTED_FORMAT` for a picture that is not read
 */
export async function listFolder(path: string): Promise<Listing> {
	const names = (await readdir(path)).filter((name) => !name.startsWith(".")).sort();
	const pictures: string[] = [];
	const folders: string[] = [];
	for (const name of names) {
		const whole = join(path, name);
		const found = await stat(whole).catch((cause: NodeJS.ErrnoException) => {
			const why = cause.code === "ENOENT" ? "is a link to nothing" : `cannot be read (${cause.code})`;
			throw invalidArgument("images", `${whole} ${why}`, "FILE_UNREADABLE");
		});
		if (found.isDirectory()) folders.push(name);
		else if (isPicture(whole)) pictures.push(whole);
		else if (found.size <= LONGEST_LINK && extname(name) === "") await refuseTextLink(whole);
	}
	return { path, pictures, folders };
}

/** All pictures in the folders of a listing and further down, each folder once however it is linked. */
export async function picturesBelow(listing: Listing): Promise<string[]> {
	const visited = new Set([await realpath(listing.path)]);
	const search = async ({ path, folders }: Listing, depth: number): Promise<string[]> => {
		const found: string[] = [];
		for (const name of depth < DEEPEST ? folders : []) {
			const real = await realpath(join(path, name));
			if (visited.has(real)) continue;
			visited.add(real);
			const next = await listFolder(join(path, name));
			found.push(...next.pictures, ...(await search(next, depth + 1)));
		}
		return found;
	};
	return search(listing, 0);
}

/** A link to a class folder that a checkout without symbolic links wrote as a file with the path in it would leave the class out. */
async function refuseTextLink(path: string): Promise<void> {
	const text = await readFile(path, "latin1");
	if (!/^[^\0\n]+\n?$/.test(text)) return;
	const target = await stat(resolve(dirname(path), text.trim())).catch(() => undefined);
	if (!target?.isDirectory()) return;
	const description = `${path} is a link that was written as a text file (git without core.symlinks); make it a link or a folder`;
	throw invalidArgument("images", description, "FILE_UNREADABLE");
}

function isPicture(path: string): boolean {
	const extension = extname(path).toLowerCase();
	if (FOREIGN.includes(extension))
		throw invalidArgument(
			"images",
			`${path}: pictures of this format are not read; convert it to PNG`,
			"UNSUPPORTED_FORMAT",
		);
	return PICTURE_EXTENSIONS.includes(extension);
}
