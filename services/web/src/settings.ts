import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

const address = z.string().min(1);

const upstreamSettings = z
	.strictObject({
		orchestrator: address
			.default("127.0.0.1:50050")
			.describe(
				"Addresses of the orchestrators: a DNS name, of which all addresses are used, or IPv4 addresses joined by commas.",
			),
		zcProxy: address.default("127.0.0.1:50051").describe("Address of the zc-proxy services."),
		gvae: address.default("127.0.0.1:50052").describe("Address of the gvae service."),
		ccnf: address.default("127.0.0.1:50053").describe("Address of the ccnf service."),
		seqgen: address.default("127.0.0.1:50054").describe("Address of the seqgen service."),
		token: z
			.string()
			.min(1)
			.optional()
			.describe("Bearer token for all services; the caller's own is passed on unless given."),
		authorityFile: z
			.string()
			.min(1)
			.optional()
			.describe("PEM file of the certificate authority of the services; plaintext without it."),
	})
	.prefault({});

/** Settings of the gateway. */
export const webSettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50080).describe("Port to bind; 0 takes a free one."),
	upstream: upstreamSettings,
});

/** Settings of the gateway, validated. */
export type WebSettings = z.output<typeof webSettings>;
