import { domainHash } from "../base/hash.js";
import type { CryptoEngine } from "../envelope/signature.js";
import { SealedChannel } from "./channel.js";
import { bytesOfHash, type MatchIdentity } from "./identity.js";
import type { MatchStart, PeerLink } from "./lobby.js";
import type { Seat } from "./roster-message.js";

/** The X25519 secret that a peer uses for one match: of its own key and a nonce that it never used before. */
export const agreementSecretOf = (secretKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  domainHash("agreement", secretKey, nonce);

/**
 * Gives the local peer a channel to every other: each direction has a key of its own, from what the two share by
 * X25519, the invite's secret, the MatchId and the two peers' numbers. Undefined where a seat has a key with which
 * nothing can be shared.
 */
export function startMatch(
  identity: MatchIdentity,
  seats: readonly Seat[],
  localPeer: number,
  hostAddress: string,
  agreementSecret: Uint8Array,
  secret: Uint8Array,
  crypto: CryptoEngine,
): MatchStart | undefined {
  const match = bytesOfHash(identity.matchId);
  const peers: PeerLink[] = [];
  for (const [peer, seat] of seats.entries()) {
    const address = peer === 0 ? hostAddress : seat.address;
    if (peer === localPeer) {
      peers.push({ address, channel: undefined });
      continue;
    }
    const shared = crypto.agree(agreementSecret, seat.agreementKey);
    if (shared === undefined) return undefined;
    const key = (from: number, to: number): Uint8Array =>
      domainHash("channel", shared, secret, match, Uint8Array.of(from, to));
    peers.push({
      address,
      channel: new SealedChannel({ send: key(localPeer, peer), receive: key(peer, localPeer) }),
    });
  }
  return { identity, localPeer, peers };
}
