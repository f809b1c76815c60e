import { ByteWriter } from "../base/bytes.js";
import { type CryptoEngine, signDomain, verifyDomain } from "../envelope/signature.js";
import type { RosterPeer } from "../guard/identity.js";
import type { Leave } from "../wire/frame.js";

const DOMAIN = "leave";

/**
 * Words of leaving. One of them ends the match for all, so that it holds only with the leaver's signature over the
 * match and its last tick, whoever passes it on.
 */
export class Farewells {
  readonly #crypto: CryptoEngine;
  readonly #roster: readonly RosterPeer[];
  readonly #matchId: Uint8Array;
  readonly #writer = new ByteWriter(64);
  /** By the peer that leaves: the tick of its word that was verified last. */
  readonly #verified: (number | undefined)[] = [];

  /** `matchId` is the MatchId's 32 bytes. */
  constructor(crypto: CryptoEngine, roster: readonly RosterPeer[], matchId: Uint8Array) {
    this.#crypto = crypto;
    this.#roster = roster;
    this.#matchId = matchId;
  }

  sign(peer: number, tick: number, secretKey: Uint8Array): Leave {
    return { peer, tick, signature: signDomain(this.#crypto, DOMAIN, secretKey, this.#message(tick)) };
  }

  /** Whether a word for this tick has been verified before. Costs nothing. */
  isKnown({ peer, tick }: Leave): boolean {
    return this.#verified[peer] === tick;
  }

  /** Whether the peer that is said to leave has signed it. Costs a verification. */
  verify({ peer, tick, signature }: Leave): boolean {
    const { key } = this.#roster[peer]!;
    if (!verifyDomain(this.#crypto, DOMAIN, key, this.#message(tick), signature)) return false;
    this.#verified[peer] = tick;
    return true;
  }

  #message(tick: number): Uint8Array {
    this.#writer.reset();
    this.#writer.bytes(this.#matchId);
    this.#writer.varint(tick);
    return this.#writer.view();
  }
}
