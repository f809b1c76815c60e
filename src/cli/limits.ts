/** Text of one journal or trace that waits to be written, in UTF-16 units. */
export const JOURNAL_BUFFER_UNITS = 65_536;
/** What waits is written at least this often, so that others can follow a match by its journal. */
export const JOURNAL_FLUSH_MS = 250;
/** How long an invited peer goes on asking a host that does not answer. */
export const JOIN_TIMEOUT_MS = 10_000;
/** How long a peer that was interrupted waits for the others to agree on the last tick. */
export const LEAVE_WAIT_MS = 3_000;
/** Longest file of inputs, in bytes. */
export const MAX_INPUTS_BYTES: number = 64 * 1024 * 1024;
/** Lines that a game logs and a command tells: of what is more, only how many. */
export const TOLD_LOG_LINES = 100;
/** Most UTF-16 units of one line that a command prints in words: what is more is cut off. */
export const PRINTED_LINE_UNITS = 2_000;
/** Most ticks of a simulated match: 46 hours at 60 Hz. */
export const MAX_SIMULATED_TICKS = 10_000_000;
/** Most ticks of a check, which keeps every tick's events: 28 minutes at 60 Hz. */
export const MAX_CHECKED_TICKS = 100_000;
/** How long a game's code runs before a command looks at signals and the clock. */
export const STRETCH_MS = 100;
/** A tick that takes longer than this is given up: it will hardly end. `ECHO_NET_STUCK_MS` says otherwise. */
export const STUCK_MS = 10_000;
/** Modules beside a game that `dev` hands to the page where no esbuild makes one of them. */
export const MAX_PAGE_MODULES = 200;
/** How long the disk is quiet before `dev` reads a changed game again. */
export const CHANGE_QUIET_MS = 60;
/** Pages of one `dev` that are told of changes at a time. */
export const MAX_DEV_PAGES = 32;
