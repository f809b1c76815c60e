/** Containers that may stand inside one another in canonical CBOR: the 32nd is the last. */
export const MAX_DEPTH = 32;

/** Event kinds of one game; the wire names a kind by its index. */
export const MAX_KINDS = 256;

/** Fields of one event kind or effect. */
export const MAX_FIELDS = 64;

/** Characters of the name of a kind, a field or a choice of `t.oneOf`. */
export const MAX_NAME_LENGTH = 64;

/** Choices of one `t.oneOf`: its index is one byte. */
export const MAX_CHOICES = 256;

/** Lists that may stand inside one another: payload, then lists, stay far below `MAX_DEPTH`. */
export const MAX_LIST_NESTING = 8;

/**
 * Bytes of one compact payload. The declaration's own maxima must add up to no more, so that every payload that
 * fits its declaration fits this bound and nothing is left to check when one is emitted.
 */
export const MAX_PAYLOAD_BYTES = 65_536;

/** Bytes of one payload of a kind without declared fields, as canonical CBOR. */
export const MAX_FREE_PAYLOAD_BYTES = 16_384;

/** How far a `t.tick` field may lie from its event's own tick, in ticks, either way. */
export const MAX_TICK_DISTANCE = 0x7fff_ffff;
