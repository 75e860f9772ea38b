export { Channel, type ChannelOptions } from "./channel/channel.js";
export { type Port, processPort, threadPort } from "./channel/port.js";
export { type Answer, type ServeOptions, serveCalls } from "./channel/serve-calls.js";
export { inOrderOfCompletion } from "./in-order-of-completion.js";
export { Places } from "./places.js";
export { repeat } from "./repeat.js";
export { type RetryOptions, retry } from "./retry.js";
export { rejectOnAbort, untilAborted } from "./until-aborted.js";
