/** Players of one match; a slot is a number below this. */
export const MAX_SLOTS = 8;
/** Peers of one match. Eight of them fill a roster message: see `MAX_ADDRESS_BYTES`. */
export const MAX_PEERS = 8;
/** Ticks that the wire can name: 2.2 years at 60 Hz, and small enough that sums of a few stay exact. */
export const MAX_TICK = 0xffff_ffff;

/** Fastest tick rate. */
export const MAX_TICK_HZ = 1_000;
/** Most speculative ticks past what is sealed; each keeps a snapshot. */
export const MAX_WINDOW_TICKS = 60;
/** How far a late event may reach back in hybrid mode: 4 s at 60 Hz. */
export const MAX_REWIND_TICKS = 240;

/** Longest datagram: what passes every path that matters without IP fragments. */
export const MAX_DATAGRAM_BYTES = 1_200;
/** What a relay puts before a datagram: type, from, to. */
export const RELAY_HEADER_BYTES = 3;
/** Longest datagram of a match or a handshake, so that a relay's header always fits: 1,200 − 3. */
export const MAX_SEALED_BYTES: number = MAX_DATAGRAM_BYTES - RELAY_HEADER_BYTES;
/** Before the body of a match datagram: type and 16 bits of sequence number. */
export const SEAL_HEAD_BYTES = 3;
/** After it: the tag. A forger needs 2^63 datagrams on average; at 10^5 a second that is 2.9 million years. */
export const SEAL_TAG_BYTES = 8;
/** Longest body of a match datagram: 1,197 − 3 − 8 = 1,186. */
export const MAX_BODY_BYTES: number = MAX_SEALED_BYTES - SEAL_HEAD_BYTES - SEAL_TAG_BYTES;
/** Sequence numbers that the receiver remembers. 256 datagrams at 60 a second are 4.3 s of reordering. */
export const REPLAY_WINDOW = 256;

/** Ticks of one run: its count is one byte. One byte of run can claim 255 × 8 slots = 2,040 repeated contents. */
export const MAX_RUN_TICKS = 255;
/**
 * Events of one slot in one tick, on the wire. Finding the twin of an event looks at no more than this many
 * others: 1,186 bytes of events × 256 = 303,616 comparisons of small numbers a datagram.
 */
export const MAX_SLOT_TICK_EVENTS = 256;
/** Bytes of the compact payloads of one slot in one tick: one payload of the longest kind. */
export const MAX_SLOT_TICK_BYTES = 65_536;
/**
 * Encoded bytes above which a slot's tick goes as fragments, for a peer of one or two slots; a peer with more
 * slots shares 1,024 among them, so that one tick of all its slots always fits one datagram:
 * 20 fixed + 13 report + 77 signature + 8 × 130 or 2 × 514 of slots + 4 of counts = 1,154 ≤ 1,186.
 */
export const MAX_INLINE_BYTES = 512;
/** What all slots of a peer may take inline in one tick, in bytes. */
export const MAX_INLINE_TICK_BYTES = 1_024;

/** Longest fragment: 1,186 − 20 fixed − 13 report − 77 signature − 11 before the fragment leaves 1,065. */
export const FRAGMENT_BYTES = 1_040;
/**
 * Fragments of one slot's tick: 64 × 1,040 = 66,560, which holds 65,536 of payloads, 256 × 2 of kinds and a count
 * of 2 (66,050). Their acknowledgement is 64 bits.
 */
export const MAX_FRAGMENTS = 64;
/** Fragments in one datagram. */
export const MAX_FRAME_FRAGMENTS = 16;
/** Acknowledgements of fragmented ticks in one datagram: 16 × (1 slot + 5 tick + 8) = 224 bytes. */
export const MAX_FRAME_FRAGMENT_ACKS = 16;
/** Entries of one ledger together: 4 × (8 slots × 16 + 8) = 544 bytes for 8 slots, 16 × (2 × 16 + 8) = 640 for 2. */
export const MAX_LEDGER_BYTES = 640;

/** Ticks that an author may leave unacknowledged before it stalls: at most 128 × 256 events a slot. A run holds 255. */
export const MAX_UNACKED_TICKS = 128;
/** Bytes of compact payloads that an author may leave unacknowledged at one peer: two of the longest ticks. */
export const MAX_UNACKED_BYTES: number = 2 * MAX_SLOT_TICK_BYTES;
/**
 * What the parts that one peer sends may hold at a time. A buffer is at most twice its content, since one of more
 * than a fragment wastes less than a fragment: 2 × 131,072 and room for one more of the longest = 328,704.
 * Seven peers: 2.3 MB. Ticks beyond `MAX_UNACKED_TICKS` are refused, so there are no more than 128 × 8 buffers.
 */
export const MAX_ASSEMBLY_BYTES: number = 2 * MAX_UNACKED_BYTES + MAX_FRAGMENTS * FRAGMENT_BYTES;
/** Beside it, what parts of the next tick of every slot may hold: 8 × 66,560 = 532,480. Seven peers: 3.7 MB. */
export const MAX_DUE_BYTES: number = MAX_SLOTS * MAX_FRAGMENTS * FRAGMENT_BYTES;
/** Every question of a handshake is padded to this, and no answer is longer. */
export const HANDSHAKE_BYTES: number = MAX_SEALED_BYTES;
/**
 * Longest address in a roster or an invite, in bytes of UTF-8; `udp:[` + 39 + `]:65535` takes 51. A roster message
 * of eight peers: 23 head + 1 count + 8 × (32 key + 32 key + 1 slots + 1 rights + 1 length + 60) + 64 signature
 * + 16 tag = 1,120 ≤ 1,197.
 */
export const MAX_ADDRESS_BYTES = 60;
/** Addresses of one invite. */
export const MAX_INVITE_ADDRESSES = 8;
/** Bytes of a game's name or version in a manifest; with the rest a manifest stays below 600 of 1,197 bytes. */
export const MAX_MANIFEST_TEXT_BYTES = 64;
/** Handshake messages go again after this many ticks without an answer. */
export const HANDSHAKE_RESEND_TICKS = 2;
/** Without an answer for this long, they become as rare as while waiting. */
export const HANDSHAKE_EAGER_MS = 1_000;
/** While waiting for other players, a joiner asks every so many ticks: 12 kB/s at 60 Hz. */
export const HANDSHAKE_WAIT_TICKS = 6;
/** But however long ticks are, after this long: no tick rate may be too slow to keep a place. */
export const HANDSHAKE_PAUSE_MAX_MS = 500;
/** A joiner that the host has not heard for this long loses its place in a room that is not yet full. */
export const LOBBY_SILENCE_MS = 5_000;
/** A cookie proves an address for one to two of these. */
export const COOKIE_EPOCH_MS = 10_000;
/** How long a joiner goes on asking after a refusal that anybody could have sent. */
export const UNPROVEN_REFUSAL_GRACE_MS = 500;
/**
 * What one answer holds of a game's bundle: 1,197 − 23 head − 2 index − 4 length − 16 tag = 1,152. 911 of them are
 * 1 MiB.
 */
export const BUNDLE_PART_BYTES = 1_152;
/** Parts of a bundle that a host sends between two updates, and those to one address: 38 kB and 19 kB of 16.7 ms. */
export const MAX_PARTS_PER_UPDATE = 32;
export const MAX_PARTS_PER_ADDRESS = 16;
/** Parts that a joiner has asked for and not yet got: at 100 ms a round trip 370 kB/s. */
export const FETCH_WINDOW_PARTS = 32;
/** A part is asked for again after two round trips, but neither sooner nor later than this. */
export const FETCH_RESEND_MIN_MS = 50;
export const FETCH_RESEND_MAX_MS = 3_000;
/** A game that has not come after this long is given up: 1 MiB at 3.5 kB/s. */
export const FETCH_MS = 300_000;
/** Signatures that a host checks between two updates; the rest ask again. At 1 ms each, 4 ms of 16.7. */
export const MAX_JOIN_CHECKS_PER_UPDATE = 4;
/** Refusals that a host sends between two updates to those who do not know the secret. */
export const MAX_STRANGER_ANSWERS_PER_UPDATE = 8;
