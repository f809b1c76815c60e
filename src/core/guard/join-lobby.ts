import { equalBytes } from "../base/bytes.js";
import { EchoNetError, type EchoNetErrorCode } from "../base/errors.js";
import { invariant } from "../base/invariant.js";
import { CodecError, decode } from "../envelope/codec.js";
import {
  HANDSHAKE_EAGER_MS,
  HANDSHAKE_RESEND_TICKS,
  HANDSHAKE_WAIT_TICKS,
  MAX_SLOTS,
  UNPROVEN_REFUSAL_GRACE_MS,
} from "../wire/limits.js";
import type { Address, Received } from "../wire/transport.js";
import { COOKIE_BYTES } from "./cookie.js";
import {
  bytesOfHash,
  gameIdOf,
  type Manifest,
  matchIdentityOf,
  PROTOCOL_VERSION,
  sessionIdOf,
} from "./identity.js";
import { decodeInvite, type Invite } from "./invite.js";
import { type JoinRequest, signJoinRequest, writeJoinRequest } from "./join-request.js";
import type { JoinLobbyOptions, Lobby, LobbyState } from "./lobby.js";
import { parseManifest, rosterProblem } from "./manifest.js";
import {
  CHALLENGE,
  HELLO,
  handshakeKey,
  JOIN,
  type Message,
  openMessage,
  REFUSE,
  ROSTER,
  readAnswer,
  sealMessage,
  TOKEN_BYTES,
  WAIT,
} from "./messages.js";
import { explainMismatch } from "./mismatch.js";
import { agreementSecretOf, startMatch } from "./pairing.js";
import { emptyHandshakeRefusalCounts, type HandshakeRefusalCounts } from "./refusal.js";
import { errorOfRefusal } from "./refusal-words.js";
import { openRoster } from "./roster-message.js";

/** The host's manifest, and how it knows that we can hear it. */
interface Challenge {
  readonly manifest: Manifest;
  readonly hostNonce: Uint8Array;
  readonly hostAddress: Address;
  readonly cookie: Uint8Array;
  /** What is sent until the roster comes. */
  readonly question: Uint8Array;
}

/**
 * A joiner's side of the handshake: asks at all of the invite's addresses, proves its own to the first host that
 * answers, and takes the roster that the invite's key signed.
 */
export class JoinLobby implements Lobby {
  /** What arrived and was not followed. */
  readonly refusals: HandshakeRefusalCounts = emptyHandshakeRefusalCounts();
  readonly #options: JoinLobbyOptions;
  readonly #invite: Invite;
  readonly #handshakeKey: Uint8Array;
  readonly #agreementSecret: Uint8Array;
  readonly #hello: Uint8Array;
  /** The JOIN, apart from its cookie. */
  readonly #request: Omit<JoinRequest, "cookie">;
  #challenge: Challenge | undefined;
  #state: LobbyState;
  #attempts = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #beganMs = Number.NaN;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** The host has us on its list. */
  #waiting = false;
  /** A refusal that anybody could have sent, and when it came. */
  #unproven: { readonly error: EchoNetError; readonly sinceMs: number } | undefined;

  /** Throws `EchoNetError` `INPUT_INVALID` for an invite or options that cannot be used. */
  constructor(options: JoinLobbyOptions) {
    const { crypto, localSlots, nonce, secretKey } = options;
    if (!(Number.isInteger(localSlots) && localSlots >= 1 && localSlots <= MAX_SLOTS)) {
      throw new EchoNetError(
        "INPUT_INVALID",
        `a peer joins with 1 to ${MAX_SLOTS} players, not ${localSlots}`,
      );
    }
    invariant(nonce.length === TOKEN_BYTES, "a joiner's nonce has 16 bytes");
    this.#options = options;
    this.#invite = decodeInvite(options.invite);
    this.#handshakeKey = handshakeKey(this.#invite.secret);
    this.#agreementSecret = agreementSecretOf(secretKey, nonce);
    this.#hello = sealMessage(this.#handshakeKey, HELLO, nonce, (writer) => {
      writer.bytes(bytesOfHash(this.#invite.sessionId));
    });
    const request = {
      key: crypto.publicKeyOf(secretKey),
      agreementKey: crypto.agreementKeyOf(this.#agreementSecret),
      slots: localSlots,
    };
    const signature = signJoinRequest(crypto, secretKey, this.#invite.sessionId, nonce, request);
    this.#request = { ...request, signature };
    this.#state = { type: "waiting", present: 0, players: options.wanted.players ?? 0 };
  }

  update(nowMs: number): LobbyState {
    if (this.#state.type !== "waiting") return this.#state;
    if (Number.isNaN(this.#beganMs)) this.#beganMs = nowMs;
    const unproven = this.#unproven;
    if (unproven !== undefined && nowMs - unproven.sinceMs >= UNPROVEN_REFUSAL_GRACE_MS) {
      this.#state = { type: "failed", error: unproven.error };
    } else if (nowMs - Math.max(this.#beganMs, this.#heardMs) >= this.#options.timeoutMs) {
      this.#state = { type: "failed", error: this.#silence() };
    } else if (nowMs - this.#sentMs >= this.#pauseMs(nowMs)) {
      this.#sentMs = nowMs;
      this.#ask();
    }
    return this.#state;
  }

  #pauseMs(nowMs: number): number {
    const eager = !this.#waiting && nowMs - Math.max(this.#beganMs, this.#heardMs) < HANDSHAKE_EAGER_MS;
    return this.#options.tickMs * (eager ? HANDSHAKE_RESEND_TICKS : HANDSHAKE_WAIT_TICKS);
  }

  #ask(): void {
    const { transport } = this.#options;
    if (this.#challenge !== undefined) {
      transport.send(this.#challenge.hostAddress, this.#challenge.question);
      return;
    }
    // The best address has a head start of one question over the next.
    this.#attempts++;
    for (const address of this.#invite.addresses.slice(0, this.#attempts))
      transport.send(address, this.#hello);
  }

  #silence(): EchoNetError {
    const seconds = this.#options.timeoutMs / 1000;
    if (this.#heardMs > Number.NEGATIVE_INFINITY) {
      return new EchoNetError("TIMED_OUT", `the host has said nothing for ${seconds} s`);
    }
    const where = this.#invite.addresses.join(", ");
    return new EchoNetError(
      "NO_ROUTE",
      `nobody answered at ${where} for ${seconds} s; is the host still waiting?`,
    );
  }

  handle({ from, datagram }: Received, nowMs: number): void {
    if (this.#state.type !== "waiting") return;
    const message = openMessage(this.#handshakeKey, datagram);
    if (message === undefined || !equalBytes(message.token, this.#options.nonce)) return;
    if (message.type === REFUSE) this.#refused(message, nowMs);
    else if (message.protocol !== PROTOCOL_VERSION) this.refusals.protocol++;
    else if (!message.genuine) this.refusals.secret++;
    else if (message.type === CHALLENGE) this.#challenged(from, message, nowMs);
    else if (this.#challenge !== undefined && message.type === WAIT) this.#wait(message, nowMs);
    else if (this.#challenge !== undefined && message.type === ROSTER) this.#seated(this.#challenge, message);
    else this.refusals.form++;
  }

  #refused(message: Message, nowMs: number): void {
    const refusal = readAnswer(message.body, (reader) => [reader.u8(), reader.u8(), reader.u8()] as const);
    const error = refusal && errorOfRefusal(message.protocol, refusal, this.#options.localSlots);
    if (error === undefined) this.refusals.form++;
    else if (message.genuine) this.#state = { type: "failed", error };
    else this.#unproven ??= { error, sinceMs: nowMs };
  }

  #challenged(from: Address, message: Message, nowMs: number): void {
    const fields = readAnswer(message.body, (reader) => ({
      cookie: reader.bytes(COOKIE_BYTES).slice(),
      hostNonce: reader.bytes(TOKEN_BYTES).slice(),
      manifest: reader.bytes(reader.u16()),
    }));
    const manifest = fields && manifestIn(fields.manifest);
    if (fields === undefined || manifest === undefined) {
      this.refusals.form++;
      return;
    }
    const known = this.#challenge;
    // Repeated, or by way of another of the host's addresses.
    if (known !== undefined && (known.hostAddress !== from || equalBytes(known.cookie, fields.cookie)))
      return;
    const { hostKey, sessionId } = this.#invite;
    if (sessionIdOf(gameIdOf(manifest), hostKey, fields.hostNonce) !== sessionId) {
      this.refusals.session++;
      return;
    }
    const difference = explainMismatch({ protocol: PROTOCOL_VERSION, ...this.#options.wanted }, manifest);
    if (difference !== "") {
      this.#fail("SESSION_MISMATCH", `the host plays something else: ${difference}`);
      return;
    }
    this.#heard(nowMs);
    const { cookie, hostNonce } = fields;
    const question = sealMessage(this.#handshakeKey, JOIN, this.#options.nonce, (writer) => {
      writeJoinRequest(writer, { ...this.#request, cookie });
    });
    this.#challenge = { manifest, hostNonce, hostAddress: from, cookie, question };
    this.#sentMs = nowMs;
    this.#ask();
  }

  #heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#unproven = undefined;
  }

  #wait(message: Message, nowMs: number): void {
    const counts = readAnswer(message.body, (reader) => ({ present: reader.u8(), players: reader.u8() }));
    if (counts === undefined) {
      this.refusals.form++;
      return;
    }
    this.#heard(nowMs);
    this.#waiting = true;
    this.#state = { type: "waiting", ...counts };
  }

  #seated({ manifest, hostNonce, hostAddress }: Challenge, message: Message): void {
    const { crypto, localSlots } = this.#options;
    const { hostKey, sessionId, secret } = this.#invite;
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
    if (start === undefined) this.#fail("SESSION_MISMATCH", "the host's roster does not hold together");
    else this.#state = { type: "started", start };
  }

  #fail(code: EchoNetErrorCode, hint: string): void {
    this.#state = { type: "failed", error: new EchoNetError(code, hint) };
  }
}

/** The manifest that these bytes are the canonical form of. */
function manifestIn(bytes: Uint8Array): Manifest | undefined {
  try {
    const manifest = parseManifest(decode(bytes));
    return typeof manifest === "string" ? undefined : manifest;
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}
