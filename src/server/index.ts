/** `echo-net/server`: rooms where ends find each other, a relay, health and metrics, for Node. */
export type { RefusalCode, ServerEvent } from "./events.js";
export type { ServerLimits } from "./options.js";
export { type ServeOptions, type Server, serve } from "./serve.js";
