/** Most derived events that one tick may leave for the next. */
export const DERIVED_EVENTS_PER_TICK = 1024;

/** Most bytes that the compact payloads of those events may add up to. */
export const DERIVED_BYTES_PER_TICK = 262_144;
