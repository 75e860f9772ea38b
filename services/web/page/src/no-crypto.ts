/** Takes the place of `node:crypto` in the browser, where nothing is hashed. */
export function createHash(): never {
	throw new Error("Networks are hashed by the services.");
}
