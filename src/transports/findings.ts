/**
 * Why a path did not open.
 *
 * - `no-webrtc` this environment has no WebRTC
 * - `signaling-unreachable` no server answers at the address
 * - `room-refused` the server did not let us into the room, or put us out of it
 * - `signaling-lost` the connection to the server broke before the path was open
 * - `no-answer` the other end never took part
 * - `no-candidates` this end found no address of its own to offer
 * - `only-host-candidates` this end has no STUN or TURN server, so it offered its local addresses alone
 * - `turn-refused` a TURN server refused the credentials
 * - `ice-server-silent` a STUN or TURN server gave no address
 * - `ice-failed` no pair of addresses let a datagram through
 * - `path-lost` the path was open, and broke
 */
export type FindingReason =
  | "no-webrtc"
  | "signaling-unreachable"
  | "room-refused"
  | "signaling-lost"
  | "no-answer"
  | "no-candidates"
  | "only-host-candidates"
  | "turn-refused"
  | "ice-server-silent"
  | "ice-failed"
  | "path-lost";

/** One thing that stands in a path's way. */
export interface Finding {
  readonly reason: FindingReason;
  /** A sentence for a person: what happened, and what to do. */
  readonly hint: string;
  /** The member of the room that cannot be reached, where it is one of them. */
  readonly member?: number;
}
