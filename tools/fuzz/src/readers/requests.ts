import { gatewayServices, messageFromJson } from "@archgen/web-service";
import { type Readers, reader } from "../reader.js";
import { jsonBytes } from "../samples.js";

const REQUEST = {
	spec: { constraints: { maxFlopCount: "300000000", maxParameterCount: 1000000 }, seed: "7" },
	requestId: "a",
};
const GENERATE = gatewayServices
	.flatMap(({ service }) => service.methods)
	.find(({ name }) => name === "GenerateNetworksUnary")!.input;

/** Readers of requests in JSON. */
export const READERS = {
	// Fastify parses the body, by JSON.parse.
	request: reader([jsonBytes(REQUEST)], (bytes) => {
		let json: unknown;
		try {
			json = JSON.parse(Buffer.from(bytes).toString());
		} catch {
			return;
		}
		return messageFromJson(GENERATE, json);
	}),
} satisfies Readers;
