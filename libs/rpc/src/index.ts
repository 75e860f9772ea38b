export type { ChannelConfig } from "./client/channel.js";
export {
	type Caller,
	type CallOptions,
	type ClientConfig,
	createClient,
	type RpcClient,
} from "./client/create-client.js";
export { type GoOnOptions, goOn, POSITION_UNKNOWN } from "./client/go-on.js";
export { type WaitOptions, waitForHealthy } from "./client/wait-for-healthy.js";
export { whileBusy } from "./client/while-busy.js";
export { describeSettings, type SettingDescription } from "./config/describe-settings.js";
export { type ConfigSources, loadConfig } from "./config/load-config.js";
export {
	modelSettings,
	readPem,
	readTokens,
	type ServerSettings,
	serverConfig,
	serverSettings,
} from "./config/server-settings.js";
export { descriptorSet } from "./descriptor-set.js";
export { createLogger, type Logger, type LoggerOptions } from "./logger.js";
export { type MetricsServer, type MetricsSettings, ServiceMetrics, serveMetrics } from "./metrics.js";
export {
	type ModelChange,
	type ModelService,
	type ModelServiceSettings,
	type Refreshable,
	startModelService,
} from "./model-service.js";
export * from "./protos.js";
export { runService, type StartedService, type StartFailure } from "./run-service.js";
export { isAdministrative, knownToken, TOKEN_REQUIRED } from "./server/authentication.js";
export { toDomainError } from "./server/boundary.js";
export { type CallContext, REQUEST_ID_KEY } from "./server/call-context.js";
export { ConcurrencyLimit } from "./server/concurrency.js";
export { createServer, type RunningServer, type ServerConfig } from "./server/create-server.js";
export { isLoopback, requireSecureAddress, type ServerTls } from "./server/credentials.js";
export { watchExpiry } from "./server/expiry.js";
export {
	type Handler,
	type Implementation,
	type ImplementedService,
	implement,
} from "./server/implementation.js";
export type { ServerLimits } from "./server/limits.js";
export { type CallObserver, type CallReport, logCall, statusNamed } from "./server/observe.js";
export { wasMoved } from "./server/stream-life.js";
export type { MethodDefinition, ServiceDefinition } from "./service-definition.js";
export { statusToError } from "./status/decode.js";
export { errorToStatusMessage, type RpcStatus } from "./status/encode.js";
export { errorToItem, itemToError } from "./status/item-error.js";
export { inLinkedTrace, inSpan, inSpanEach, type StepAttributes } from "./tracing/in-span.js";
export { type Headers, openServerSpan, type ServerSpan } from "./tracing/server-span.js";
export { recordSpans } from "./tracing/start-tracing.js";
