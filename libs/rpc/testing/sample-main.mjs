// A service process without services, run by a test from the built package.
import { createLogger, createServer, runService, serverSettings } from "../dist/index.js";

await runService("sample", serverSettings, ({ host, port, limits }) =>
	createServer({ services: [], logger: createLogger({ service: "sample" }), host, port, limits }),
);
