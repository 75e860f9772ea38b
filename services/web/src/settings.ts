import { serverSettings } from "@archgen/rpc";
import { z } from "zod";

const address = z.string().min(1);

const upstreamSettings = z
	.strictObject({
		/** Addresses; a DNS name stands for all its addresses, IPv4 addresses may be joined by commas. */
		orchestrator: address.default("127.0.0.1:50050"),
		zcProxy: address.default("127.0.0.1:50051"),
		gvae: address.default("127.0.0.1:50052"),
		ccnf: address.default("127.0.0.1:50053"),
		seqgen: address.default("127.0.0.1:50054"),
		/** Bearer token for all of them; the caller's own is passed on unless given. */
		token: z.string().min(1).optional(),
		/** PEM file of the authority of their certificates; plaintext without it. */
		authorityFile: z.string().min(1).optional(),
	})
	.prefault({});

/** Settings of the gateway. */
export const webSettings = serverSettings.extend({
	port: z.number().int().min(0).max(65535).default(50080),
	upstream: upstreamSettings,
});

/** Settings of the gateway, validated. */
export type WebSettings = z.output<typeof webSettings>;
