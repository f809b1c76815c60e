import { equalBytes } from "../base/bytes.js";
import { LOBBY_SILENCE_MS, MAX_PEERS } from "../wire/limits.js";
import type { Address } from "../wire/transport.js";
import type { JoinRequest } from "./join-request.js";

/** A joiner that has proven its address and its key. */
export interface Member {
  address: Address;
  readonly token: Uint8Array;
  readonly request: JoinRequest;
  heardMs: number;
}

/** Who is there while a host waits for all slots to be taken. */
export class Room {
  /** In the order of their coming, without the host. */
  readonly members: Member[] = [];
  /** Slots in all. */
  readonly players: number;
  readonly #hostKey: Uint8Array;
  #hostSlots: number;

  constructor(players: number, hostSlots: number, hostKey: Uint8Array) {
    this.players = players;
    this.#hostSlots = hostSlots;
    this.#hostKey = hostKey;
  }

  /** Slots that are the host's own. */
  get hostSlots(): number {
    return this.#hostSlots;
  }

  /** Slots that somebody has. */
  get present(): number {
    return this.members.reduce((sum, { request }) => sum + request.slots, this.#hostSlots);
  }

  /** Whether every slot is taken. */
  get isFull(): boolean {
    return this.present === this.players;
  }

  /** Slots that a joiner could have: none once there are as many peers as a roster holds. */
  get free(): number {
    return this.members.length + 1 === MAX_PEERS ? 0 : this.players - this.present;
  }

  memberOf(token: Uint8Array): Member | undefined {
    return this.members.find((member) => equalBytes(member.token, token));
  }

  knows(key: Uint8Array): boolean {
    return equalBytes(key, this.#hostKey) || this.members.some(({ request }) => equalBytes(key, request.key));
  }

  /** Gives the host every slot that nobody has. */
  takeRest(): void {
    this.#hostSlots += this.players - this.present;
  }

  /** Gives the places of those who have fallen silent to others. */
  forgetSilent(nowMs: number): void {
    this.forget(({ heardMs }) => nowMs - heardMs > LOBBY_SILENCE_MS);
  }

  /** Gives the places of some to others. */
  forget(isGone: (member: Member) => boolean): void {
    for (let i = this.members.length - 1; i >= 0; i--) {
      if (isGone(this.members[i]!)) this.members.splice(i, 1);
    }
  }
}
