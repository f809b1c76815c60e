/** Pages of 64 KiB that Lua's memory may take: 16 MiB, of which the C stack is one. */
export const MEMORY_CAP_PAGES = 256;
/** Estimated bytes of stack that calls within Lua may take together. */
export const DEPTH_BYTES = 524_288;
/** Fuel of a raised error: it goes through the host, which is slow. */
export const THROW_FUEL = 20_000;
/** Fuel of one tick: of all its callbacks, and its reruns together. */
export const FUEL_PER_TICK = 20_000_000;
/** Fuel of the callbacks in one attempt at a tick, or half of what the tick has left where that is less. */
export const FUEL_PER_ATTEMPT = 8_000_000;
/** Fuel of the end of a tick: the engine's own work and the collection of garbage. */
export const FUEL_AT_END = 4_000_000;
/** Fuel of one call of `on_input`. */
export const FUEL_PER_INPUT = 5_000_000;
/** Fuel of all that runs before tick 1: the scripts' chunks and their `on_start`. */
export const FUEL_AT_START = 100_000_000;
/** Fuel that each call of a host function costs beside what it does. */
export const HOST_CALL_FUEL = 400;
/** Fuel of each value and of each 8 bytes that goes between Lua and the host. */
export const VALUE_FUEL = 100;
/** Fuel of each byte that becomes text on the host's side beside that: it takes 14 to 40 ns there. */
export const TEXT_FUEL = 16;
/** Traps in one tick after which no script runs in it. */
export const TRAPS_PER_TICK = 3;
/** Kilobytes that the collector is told of at the end of each tick, beside what the tick allocated. */
export const COLLECT_KB = 1;
/** Most of a tick's allocations that it is told of. */
export const COLLECT_KB_MAX = 512;
/** Entities that live at one time. */
export const MAX_ENTITIES = 8_192;
/** Delays that wait at one time. */
export const MAX_DELAYS = 4_096;
/** Containers that stand inside one another in a payload, as in canonical CBOR. */
export const VALUE_DEPTH = 32;
/** Values in one payload, effect, input or local state. */
export const MAX_VALUES = 16_384;
/** Bytes of one text among them. */
export const MAX_TEXT_BYTES = 65_536;
/** Bytes of one key of a map among them. */
export const MAX_KEY_BYTES = 256;
/** Bytes of the name of an event, an effect or a component, and of an effect's key. */
export const MAX_NAME_BYTES = 256;
/** Errors of scripts that one tick reports one by one. */
export const FAULTS_PER_TICK = 32;
/** Bytes of all scripts of a game. */
export const MAX_SOURCE_BYTES = 1_048_576;
/** Scripts of a game. */
export const MAX_SCRIPTS = 256;
/** Lines of advice that are given on a game's scripts. */
export const ADVICE_LINES = 16;
/** Characters of one of them. */
export const ADVICE_LENGTH = 240;
/** Events of one `on_input` of which it is not asked where they are emitted: as many as a tick takes. */
export const UNPLACED_EVENTS = 64;
