/** How long a server may take to let an end into a room, in milliseconds. */
export const ENTER_TIMEOUT_MS = 10_000;
/** How long a joiner waits in a room for its host's invite, in milliseconds. */
export const INVITE_TIMEOUT_MS = 30_000;
/** How long a server may take to answer in Node that an end leaves, in milliseconds. */
export const CLOSE_TIMEOUT_MS = 2_000;
/** Bytes that may wait in a WebSocket before datagrams are dropped: what waits behind them is stale already. */
export const RELAY_BUFFERED_BYTES = 16_384;
/** Bytes that may wait in a data channel before datagrams are dropped: what one update sends to a peer at most. */
export const CHANNEL_BUFFERED_BYTES = 4_800;
/** A direct path that brought datagrams and then none for so long, in milliseconds, may lead nowhere any more. */
export const PATH_QUIET_MS = 1_000;
/** How long a direct path may take to open, in milliseconds. */
export const PATH_TIMEOUT_MS = 15_000;
/** ICE candidates that are taken of one member. */
export const REMOTE_CANDIDATES_MAX = 64;
/** What ICE servers answered that is kept for a diagnosis, for each path. */
export const ICE_ERRORS_MAX = 8;
/** How often a direct path is begun before it is given up. */
export const PATH_ATTEMPTS = 3;
/** What an end tells others of its direct paths a second, and how much at once: less than a server takes. */
export const TELLS_PER_SECOND = 15;
export const TELLS_AT_ONCE = 150;
