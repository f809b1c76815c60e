import { equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { MAX_SLOTS } from "../wire/limits.js";
import type { Received } from "../wire/transport.js";
import { Approach, type Challenge } from "./approach.js";
import { matchIdentityOf } from "./identity.js";
import { type JoinRequest, signJoinRequest, writeJoinRequest } from "./join-request.js";
import type { JoinLobbyOptions, Lobby, LobbyState } from "./lobby.js";
import { rosterProblem } from "./manifest.js";
import { CHALLENGE, JOIN, type Message, ROSTER, readAnswer, WAIT } from "./messages.js";
import { agreementSecretOf, startMatch } from "./pairing.js";
import type { HandshakeRefusalCounts } from "./refusal.js";
import { openRoster } from "./roster-message.js";

/**
 * A joiner's side of the handshake: goes to the host, asks for a place, and takes the roster that the invite's key
 * signed.
 */
export class JoinLobby implements Lobby {
  readonly #options: JoinLobbyOptions;
  readonly #approach: Approach;
  readonly #agreementSecret: Uint8Array;
  /** The JOIN, apart from its cookie. */
  readonly #request: Omit<JoinRequest, "cookie">;
  /** What is sent until the roster comes. */
  #question: Uint8Array | undefined;
  #state: LobbyState;
  /** The host has us on its list. */
  #waiting = false;

  /** Throws `EchoNetError` `INPUT_INVALID` for an invite or options that cannot be used. */
  constructor(options: JoinLobbyOptions) {
    const { crypto, localSlots, nonce, secretKey } = options;
    if (!(Number.isInteger(localSlots) && localSlots >= 1 && localSlots <= MAX_SLOTS)) {
      throw new EchoNetError(
        "INPUT_INVALID",
        `a peer joins with 1 to ${MAX_SLOTS} players, not ${localSlots}`,
      );
    }
    this.#options = options;
    this.#approach = new Approach(options);
    this.#agreementSecret = agreementSecretOf(secretKey, nonce);
    const request = {
      key: crypto.publicKeyOf(secretKey),
      agreementKey: crypto.agreementKeyOf(this.#agreementSecret),
      slots: localSlots,
    };
    const { sessionId } = this.#approach.invite;
    const signature = signJoinRequest(crypto, secretKey, sessionId, nonce, request);
    this.#request = { ...request, signature };
    this.#state = { type: "waiting", present: 0, players: options.wanted.players ?? 0 };
  }

  /** What arrived and was not followed. */
  get refusals(): HandshakeRefusalCounts {
    return this.#approach.refusals;
  }

  update(nowMs: number): LobbyState {
    if (this.#state.type !== "waiting") return this.#state;
    const isDue = this.#approach.update(nowMs, this.#waiting);
    this.#followFailure();
    if (isDue && this.#question !== undefined) this.#approach.ask(this.#question, nowMs);
    return this.#state;
  }

  handle(received: Received, nowMs: number): void {
    if (this.#state.type !== "waiting") return;
    const message = this.#approach.handle(received, nowMs);
    this.#followFailure();
    if (message === undefined) return;
    const challenge = this.#approach.challenge!;
    if (message.type === CHALLENGE) this.#challenged(challenge, nowMs);
    else if (message.type === WAIT) this.#wait(message, nowMs);
    else if (message.type === ROSTER) this.#seated(challenge, message);
    else this.refusals.form++;
  }

  #followFailure(): void {
    const error = this.#approach.failure;
    if (error !== undefined) this.#state = { type: "failed", error };
  }

  #challenged({ cookie }: Challenge, nowMs: number): void {
    this.#question = this.#approach.question(JOIN, (writer) => {
      writeJoinRequest(writer, { ...this.#request, cookie });
    });
    this.#approach.ask(this.#question, nowMs);
  }

  #wait(message: Message, nowMs: number): void {
    const counts = readAnswer(message.body, (reader) => ({ present: reader.u8(), players: reader.u8() }));
    if (counts === undefined) {
      this.refusals.form++;
      return;
    }
    this.#approach.heard(nowMs);
    this.#waiting = true;
    this.#state = { type: "waiting", ...counts };
  }

  #seated({ manifest, hostNonce, hostAddress }: Challenge, message: Message): void {
    const { crypto, localSlots } = this.#options;
    const { hostKey, sessionId, secret } = this.#approach.invite;
    const seats = openRoster(crypto, hostKey, sessionId, message.body);
    if (seats === undefined) {
      this.refusals.signature++;
      return;
    }
    const localPeer = seats.findIndex((seat) => equalBytes(seat.key, this.#request.key));
    const ours = seats[localPeer];
    const sound =
      rosterProblem(seats, manifest.players) === undefined &&
      equalBytes(seats[0]!.key, hostKey) &&
      localPeer > 0 &&
      ours !== undefined &&
      ours.slots.length === localSlots &&
      equalBytes(ours.agreementKey, this.#request.agreementKey);
    const roster = seats.map(({ key, slots, rights }) => ({ key, slots, rights }));
    const start = sound
      ? startMatch(
          matchIdentityOf(manifest, hostKey, hostNonce, roster),
          seats,
          localPeer,
          hostAddress,
          this.#agreementSecret,
          secret,
          crypto,
        )
      : undefined;
    if (start !== undefined) {
      this.#state = { type: "started", start };
      return;
    }
    const error = new EchoNetError("SESSION_MISMATCH", "the host's roster does not hold together");
    this.#state = { type: "failed", error };
  }
}
