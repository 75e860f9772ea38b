import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** The program of a Chromium on the path; CHROMIUM names another one. */
export const chromiumPath: string | undefined = [
	process.env.CHROMIUM ?? "",
	...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
].find((path) => path !== "" && existsSync(path));

/** Starts that Chromium without a window. */
export function startBrowser(): Promise<Browser> {
	// The sandbox does not start as root, as in containers; pages are those of this machine.
	return chromium.launch({
		executablePath: chromiumPath!,
		args: ["--no-sandbox", "--disable-dev-shm-usage"],
	});
}
