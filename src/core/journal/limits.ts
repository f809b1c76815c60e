/**
 * Longest line of a journal, in bytes without its newline. The longest event line is far below: 65,536 bytes of
 * compact payload, all of them in a list of `t.oneOf` names of 64 characters, take 65,536 × 67 = 4,390,912.
 */
export const MAX_JOURNAL_LINE_BYTES: number = 8 * 1024 * 1024;

/**
 * Characters of a session line without its bundle. No one takes more than three bytes in UTF-8, and a bundle of
 * 1,048,576 bytes takes 1,398,102 digits: 3 × 2,329,856 + 1,398,102 + 12 = 8,387,682.
 */
export const MAX_DECLARED_UNITS = 2_329_856;

/**
 * All lines of one tick, in bytes: they are hashed at once. The longest are below: 8 slots × 65,536 bytes of
 * payload × 67, and 8 × 256 lines of less than 256 bytes beside, make 35,651,584.
 */
export const MAX_JOURNAL_TICK_BYTES: number = 40 * 1024 * 1024;

/** Longest line of a trace, in bytes without its newline: a desync holds the whole state as a tree. */
export const MAX_TRACE_LINE_BYTES: number = 64 * 1024 * 1024;

/** Values in the maps and lists of one field of a trace's record: a state of 8 MB in floats. */
export const MAX_TRACE_VALUES = 1_048_576;
