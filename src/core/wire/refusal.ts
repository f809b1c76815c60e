/**
 * What the guard finds wrong with a datagram before it looks inside.
 *
 * - `length` shorter or longer than any datagram of its type
 * - `type` no datagram of a match
 * - `stale` older than the replay window
 * - `replayed` already received
 * - `tag` not sealed by the peer it claims to come from
 */
export const CHANNEL_REFUSALS = ["length", "type", "stale", "replayed", "tag"] as const;

/**
 * What the decoder finds wrong inside an authentic datagram.
 *
 * - `truncated` it ends inside a field, or a number is not in its shortest spelling
 * - `trailing` bytes are left over
 * - `flags` a section that this version does not know, or a second flag byte that says nothing
 * - `tick` a tick beyond what the wire can name, or a lead or list out of its range
 * - `run` a run claims more ticks than it has
 * - `events` more events in one slot's tick than the wire carries
 * - `kind` a kind that the game does not have
 * - `payload` a compact payload that is not what its kind declares, or not in its one spelling
 * - `reference` an event equal to one that is not there
 * - `peer` a peer or slot that is not in the roster, or one that may not stand there or stands there twice
 * - `list` a list that is empty or longer than its bound
 * - `fragment` a part whose number, total or length cannot be
 */
export const FRAME_REFUSALS = [
  "truncated",
  "trailing",
  "flags",
  "tick",
  "run",
  "events",
  "kind",
  "payload",
  "reference",
  "peer",
  "list",
  "fragment",
] as const;

/**
 * What is wrong with an authentic, well-formed datagram as part of the match so far.
 *
 * - `stranger` from an address that no peer of the match has
 * - `conflict` a fragment that contradicts one received before
 * - `overload` more fragments than the sender may have under way
 * - `ahead` ticks further ahead than the receiver can keep
 * - `forged` word that a peer leaves which that peer has not signed
 */
export const LINK_REFUSALS = ["stranger", "conflict", "overload", "ahead", "forged"] as const;

export type ChannelRefusal = (typeof CHANNEL_REFUSALS)[number];
export type FrameRefusal = (typeof FRAME_REFUSALS)[number];
export type LinkRefusal = (typeof LINK_REFUSALS)[number];
/** Why a datagram, or a part of it, was not used. It delays or drops a link and never reaches the simulation. */
export type TransportRefusal = ChannelRefusal | FrameRefusal | LinkRefusal;
export type RefusalCounts = Record<TransportRefusal, number>;

export function emptyRefusalCounts(): RefusalCounts {
  const counts = {} as RefusalCounts;
  for (const code of [...CHANNEL_REFUSALS, ...FRAME_REFUSALS, ...LINK_REFUSALS]) counts[code] = 0;
  return counts;
}
