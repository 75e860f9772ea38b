// Asks the gRPC service in this container for its health (grpc.health.v1) and exits with 0 when it is SERVING, else with 1.
// The probe that Kubernetes has built in speaks plaintext only, and services off loopback speak TLS only.
//
//   ARCHGEN_PORT=50051 node health-check.mjs [NAME]     NAME: a service, models/default, or readiness: whether there are places for calls
import { readFileSync } from "node:fs";
import { connect } from "node:http2";

const TIMEOUT_MS = 4_000;
const SERVING = Buffer.from([0x08, 0x01]); // HealthCheckResponse{status: SERVING}

/** A gRPC frame that holds HealthCheckRequest{service: name}. */
function requestFrame(name) {
	const text = Buffer.from(name);
	const message = text.length === 0 ? text : Buffer.concat([Buffer.from([0x0a, text.length]), text]);
	const header = Buffer.alloc(5);
	header.writeUInt32BE(message.length, 1);
	return Buffer.concat([header, message]);
}

function finish(healthy, reason) {
	if (!healthy) console.error(reason);
	process.exit(healthy ? 0 : 1);
}

const {
	ARCHGEN_PORT: port,
	ARCHGEN_TLS_CERTIFICATE_FILE: certificate,
	ARCHGEN_TLS_PRIVATE_KEY_FILE: key,
	ARCHGEN_TLS_CLIENT_AUTHORITY_FILE: authority,
} = process.env;
const name = process.argv[2] ?? "";
if (!port) finish(false, "ARCHGEN_PORT is not set.");
if (Buffer.byteLength(name) > 127) finish(false, "The name is longer than 127 bytes.");
setTimeout(finish, TIMEOUT_MS, false, `no answer within ${TIMEOUT_MS} ms`);

// The certificate is not verified: the call stays on loopback, carries no token, and its answer is no secret.
const session = connect(`${certificate ? "https" : "http"}://127.0.0.1:${port}`, {
	rejectUnauthorized: false,
	// With mutual TLS the service's own certificate is shown: the same authority signed it.
	...(authority && { cert: readFileSync(certificate), key: readFileSync(key) }),
});
session.on("error", ({ message }) => finish(false, message));
const stream = session.request({
	":method": "POST",
	":path": "/grpc.health.v1.Health/Check",
	"content-type": "application/grpc",
	te: "trailers",
});
const chunks = [];
stream.on("data", (chunk) => chunks.push(chunk));
stream.on("error", ({ message }) => finish(false, message));
stream.on("end", () =>
	finish(Buffer.concat(chunks).subarray(5).equals(SERVING), `${name || "server"} is not serving`),
);
stream.end(requestFrame(name));
