import { X509Certificate } from "node:crypto";
import { repeat } from "@archgen/concurrency";
import type { Logger } from "../logger.js";
import type { ServerTls } from "./credentials.js";

const DAY_MS = 86_400_000;
/** Days before its end from which a certificate is warned of. */
const WARNING_DAYS = 30;

/** Warns of a certificate that has expired or soon will, now and every day. @returns ends that */
export function watchExpiry({ certificate }: ServerTls, logger: Logger, now = Date.now): () => void {
	const { validTo, subject } = new X509Certificate(certificate);
	const look = async () => {
		const days = Math.floor((Date.parse(validTo) - now()) / DAY_MS);
		if (days < 0) logger.error({ subject, validTo }, "the certificate has expired: callers refuse it");
		else if (days < WARNING_DAYS) logger.warn({ subject, validTo, days }, "the certificate expires soon");
	};
	void look();
	return repeat(look, DAY_MS);
}
