/** How long a peer may be silent, in milliseconds of `nowMs`. */
export interface SilenceLimits {
  readonly interruptedMs: number;
  readonly lostMs: number;
}

export const DEFAULT_SILENCE: SilenceLimits = { interruptedMs: 500, lostMs: 10_000 };

const NOBODY: readonly number[] = [];

type Hearing = "connected" | "interrupted" | "lost";

interface PeerHearing {
  hearing: Hearing;
  /** Undefined before the first look. */
  heardMs: number | undefined;
  /** Since when it has said nothing but that it has given us up. */
  givenUpMs: number | undefined;
  /** By survivor: the highest tick up to which it holds this lost peer's events. */
  readonly held: Map<number, number>;
}

/**
 * Who still speaks, and where the match stops once somebody does not. The survivors tell each other how far they
 * hold the lost peer's events; whoever holds most forwards them, so the cut is that maximum and never below a tick
 * that any survivor saw final.
 */
export class Silence {
  readonly #localPeer: number;
  readonly #limits: SilenceLimits;
  readonly #peers: PeerHearing[];
  /** Undefined before the first look. */
  #checkedMs: number | undefined;

  constructor(peerCount: number, localPeer: number, limits: SilenceLimits) {
    this.#localPeer = localPeer;
    this.#limits = limits;
    this.#peers = Array.from({ length: peerCount }, () => ({
      hearing: "connected",
      heardMs: undefined,
      givenUpMs: undefined,
      held: new Map(),
    }));
  }

  get lostMs(): number {
    return this.#limits.lostMs;
  }

  hearing(peer: number): Hearing {
    return this.#peers[peer]!.hearing;
  }

  isLost(peer: number): boolean {
    return this.#peers[peer]!.hearing === "lost";
  }

  get anyLost(): boolean {
    for (const peer of this.#peers) if (peer.hearing === "lost") return true;
    return false;
  }

  /** Whether anybody is lost, to us or to another peer that said so. */
  get anySpokenOf(): boolean {
    for (const peer of this.#peers) if (peer.hearing === "lost" || peer.held.size > 0) return true;
    return false;
  }

  /**
   * A genuine datagram came, which may say that its sender has given us up. True where the peer had been thought
   * interrupted. A lost peer stays lost.
   */
  heard(peer: number, nowMs: number, givesUsUp = false): boolean {
    const state = this.#peers[peer]!;
    state.heardMs = nowMs;
    state.givenUpMs = givesUsUp ? (state.givenUpMs ?? nowMs) : undefined;
    if (state.hearing !== "interrupted") return false;
    state.hearing = "connected";
    return true;
  }

  /**
   * Whose silence has become worse, now. Who has not looked for long has not heard either, whatever was said: of one
   * pause, no more counts as the others' silence than half of what it takes to be lost.
   */
  check(nowMs: number): readonly number[] {
    const unheardMs = Math.max(0, nowMs - (this.#checkedMs ?? nowMs) - this.#limits.lostMs / 2);
    this.#checkedMs = nowMs;
    let changed: number[] | undefined;
    for (let peer = 0; peer < this.#peers.length; peer++) {
      const state = this.#peers[peer]!;
      if (peer === this.#localPeer || state.hearing === "lost") continue;
      state.heardMs = Math.min(nowMs, (state.heardMs ?? nowMs) + unheardMs);
      const silentMs = nowMs - state.heardMs;
      const hearing = silentMs >= this.#limits.lostMs ? "lost" : "interrupted";
      if (silentMs < this.#limits.interruptedMs || hearing === state.hearing) continue;
      state.hearing = hearing;
      changed ??= [];
      changed.push(peer);
    }
    return changed ?? NOBODY;
  }

  /**
   * A survivor says that `lost` is lost and how far it holds it. Gives who is lost to us now because of that: of a
   * peer that we have heard ourselves not long ago we do not believe it, and pass on what the other lacks instead.
   */
  told(survivor: number, lost: number, heldSeal: number): number | undefined {
    if (survivor === lost) return undefined;
    if (lost === this.#localPeer) return this.#givenUpBy(survivor);
    const state = this.#peers[lost]!;
    const known = state.held.get(survivor) ?? -1;
    state.held.set(survivor, Math.max(known, heldSeal));
    const heardLately = this.#silentMs(state.heardMs) < this.#limits.lostMs / 2;
    return heardLately ? undefined : this.#lose(lost);
  }

  /**
   * Who has given us up takes nothing from us any more: one way is broken, and others bridge both. It says so and
   * nothing else from then on, so that one such word among others is not believed.
   */
  #givenUpBy(peer: number): number | undefined {
    const forMs = this.#silentMs(this.#peers[peer]!.givenUpMs);
    return forMs >= this.#limits.interruptedMs ? this.#lose(peer) : undefined;
  }

  /** How long before the last look that was; none where either has not been. */
  #silentMs(sinceMs: number | undefined): number {
    return sinceMs === undefined || this.#checkedMs === undefined ? 0 : this.#checkedMs - sinceMs;
  }

  #lose(peer: number): number | undefined {
    const state = this.#peers[peer]!;
    if (state.hearing === "lost") return undefined;
    state.hearing = "lost";
    return peer;
  }

  /** How far a survivor holds a lost peer's events; undefined before it said so. */
  heldBy(survivor: number, lost: number): number | undefined {
    return this.#peers[lost]!.held.get(survivor);
  }

  /**
   * The tick at which the match stops because of lost peers; undefined while nobody is lost or a survivor has not
   * said yet how far it holds them.
   */
  cut(ownSealOf: (peer: number) => number): number | undefined {
    let cut: number | undefined;
    for (let lost = 0; lost < this.#peers.length; lost++) {
      if (!this.isLost(lost)) continue;
      let most = ownSealOf(lost);
      for (let survivor = 0; survivor < this.#peers.length; survivor++) {
        if (survivor === this.#localPeer || this.isLost(survivor)) continue;
        const held = this.heldBy(survivor, lost);
        if (held === undefined) return undefined;
        most = Math.max(most, held);
      }
      cut = cut === undefined ? most : Math.min(cut, most);
    }
    return cut;
  }
}
