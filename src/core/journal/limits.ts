/** Longest line of a journal that is read, in bytes without its newline. */
export const MAX_JOURNAL_LINE_BYTES: number = 4 * 1024 * 1024;

/** Longest line of a trace, in bytes without its newline: a desync holds the whole state as a tree. */
export const MAX_TRACE_LINE_BYTES: number = 64 * 1024 * 1024;

/** How deep maps and lists may be nested in a line's values. */
export const MAX_VALUE_DEPTH = 32;
