import { gatewayServices, messageFromJson } from "@archgen/web-service";
import { ofJson, type Readers } from "../reader.js";

const REQUEST = {
	spec: { constraints: { maxFlopCount: "300000000", maxParameterCount: 1000000 }, seed: "7" },
	requestId: "a",
};
const GENERATE = gatewayServices
	.flatMap(({ service }) => service.methods)
	.find(({ name }) => name === "GenerateNetworksUnary")!.input;

/** Readers of requests in JSON. */
export const READERS = {
	request: ofJson([REQUEST], (json) => messageFromJson(GENERATE, json)),
} satisfies Readers;
