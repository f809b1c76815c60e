/**
 * Why a lobby did not follow a handshake's datagram.
 *
 * - `form` not a question or answer that this side takes, or not of its length
 * - `protocol` of another version of the protocol
 * - `secret` made without the secret of the match
 * - `session` for another session, or a manifest that is not the invite's
 * - `cookie` from an address that has not been proven, or not lately
 * - `full` more slots than are free
 * - `key` a key that proves nothing, or that somebody in the room has
 * - `signature` not signed by the key that it names
 * - `bundle` for a game that does not come with its invite
 * - `busy` one more than is checked or answered between two updates
 */
export const HANDSHAKE_REFUSALS = [
  "form",
  "protocol",
  "secret",
  "session",
  "cookie",
  "full",
  "key",
  "signature",
  "bundle",
  "busy",
] as const;

export type HandshakeRefusal = (typeof HANDSHAKE_REFUSALS)[number];
export type HandshakeRefusalCounts = Record<HandshakeRefusal, number>;

export function emptyHandshakeRefusalCounts(): HandshakeRefusalCounts {
  const counts = {} as HandshakeRefusalCounts;
  for (const code of HANDSHAKE_REFUSALS) counts[code] = 0;
  return counts;
}
