import { equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { invariant } from "../base/invariant.js";
import { CodecError, decode } from "../envelope/codec.js";
import {
  HANDSHAKE_EAGER_MS,
  HANDSHAKE_PAUSE_MAX_MS,
  HANDSHAKE_RESEND_TICKS,
  HANDSHAKE_WAIT_TICKS,
  UNPROVEN_REFUSAL_GRACE_MS,
} from "../wire/limits.js";
import type { Address, Received, Transport } from "../wire/transport.js";
import { COOKIE_BYTES } from "./cookie.js";
import { bytesOfHash, gameIdOf, type Manifest, PROTOCOL_VERSION, sessionIdOf } from "./identity.js";
import { decodeInvite, type Invite } from "./invite.js";
import { parseManifest } from "./manifest.js";
import {
  CHALLENGE,
  HELLO,
  handshakeKey,
  type Message,
  openMessage,
  REFUSE,
  readAnswer,
  sealMessage,
  TOKEN_BYTES,
} from "./messages.js";
import { explainMismatch } from "./mismatch.js";
import { emptyHandshakeRefusalCounts, type HandshakeRefusalCounts } from "./refusal.js";
import { errorOfRefusal } from "./refusal-words.js";

/** The host's manifest, which is the invite's, and how the host knows that we can hear it. */
export interface Challenge {
  readonly manifest: Manifest;
  readonly hostNonce: Uint8Array;
  readonly hostAddress: Address;
  readonly cookie: Uint8Array;
}

export interface ApproachOptions {
  readonly invite: string;
  /** 16 bytes that were never used before: the token of everything that is asked. */
  readonly nonce: Uint8Array;
  /** Slots to ask for, as a refusal's words name them. */
  readonly localSlots: number;
  readonly transport: Transport;
  /** Length of a tick in milliseconds: what resends are timed by. */
  readonly tickMs: number;
  /** How long the host may say nothing of use, counted from the first `update`. */
  readonly timeoutMs: number;
  /** What the match must be, where something is named: another one is not gone to. */
  readonly wanted: Partial<Manifest>;
}

/**
 * The way to a host, whatever is wanted of it: asks at all of the invite's addresses, and proves its own to the first
 * host that answers and is the invite's. What follows is for its owner to ask.
 */
export class Approach {
  readonly invite: Invite;
  /** What arrived and was not followed. */
  readonly refusals: HandshakeRefusalCounts = emptyHandshakeRefusalCounts();
  readonly #options: ApproachOptions;
  readonly #key: Uint8Array;
  readonly #hello: Uint8Array;
  #challenge: Challenge | undefined;
  #failure: EchoNetError | undefined;
  #attempts = 0;
  #sentMs = Number.NEGATIVE_INFINITY;
  #beganMs = Number.NaN;
  #heardMs = Number.NEGATIVE_INFINITY;
  /** A refusal that anybody could have sent, and when it came. */
  #unproven: { readonly error: EchoNetError; readonly sinceMs: number } | undefined;

  /** Throws `EchoNetError` `INPUT_INVALID` for an invite that cannot be used. */
  constructor(options: ApproachOptions) {
    invariant(options.nonce.length === TOKEN_BYTES, "a joiner's nonce has 16 bytes");
    this.#options = options;
    this.invite = decodeInvite(options.invite);
    this.#key = handshakeKey(this.invite.secret);
    this.#hello = this.question(HELLO, (writer) => writer.bytes(bytesOfHash(this.invite.sessionId)));
  }

  /** What the host has answered; undefined before. */
  get challenge(): Challenge | undefined {
    return this.#challenge;
  }

  /** Why there is no way; undefined while there may be one. */
  get failure(): EchoNetError | undefined {
    return this.#failure;
  }

  /** A question of this attempt. */
  question(type: number, body: Parameters<typeof sealMessage>[3]): Uint8Array {
    return sealMessage(this.#key, type, this.#options.nonce, body);
  }

  /** Sends a question to the host that has answered. */
  ask(question: Uint8Array, nowMs: number): void {
    invariant(this.#challenge !== undefined, "only a host that has answered is asked for more");
    this.#sentMs = nowMs;
    this.#options.transport.send(this.#challenge.hostAddress, question);
  }

  /** Notes that the host said something of use. */
  heard(nowMs: number): void {
    this.#heardMs = nowMs;
    this.#unproven = undefined;
  }

  /**
   * Asks for a challenge where there is none, and gives up where it is time to. True where the owner's own question
   * is due again: soon after the last one, or after a while where the owner is `patient`.
   */
  update(nowMs: number, patient: boolean): boolean {
    if (Number.isNaN(this.#beganMs)) this.#beganMs = nowMs;
    const unproven = this.#unproven;
    const quietMs = nowMs - Math.max(this.#beganMs, this.#heardMs);
    if (unproven !== undefined && nowMs - unproven.sinceMs >= UNPROVEN_REFUSAL_GRACE_MS) {
      this.#failure ??= unproven.error;
    } else if (quietMs >= this.#options.timeoutMs) {
      this.#failure ??= this.#silence();
    }
    if (this.#failure !== undefined) return false;
    const eager = !patient && quietMs < HANDSHAKE_EAGER_MS;
    const pauseMs = this.#options.tickMs * (eager ? HANDSHAKE_RESEND_TICKS : HANDSHAKE_WAIT_TICKS);
    if (nowMs - this.#sentMs < Math.min(pauseMs, HANDSHAKE_PAUSE_MAX_MS)) return false;
    if (this.#challenge !== undefined) return true;
    this.#sentMs = nowMs;
    // The best address has a head start of one question over the next.
    this.#attempts++;
    for (const address of this.invite.addresses.slice(0, this.#attempts)) {
      this.#options.transport.send(address, this.#hello);
    }
    return false;
  }

  #silence(): EchoNetError {
    const seconds = this.#options.timeoutMs / 1000;
    if (this.#heardMs > Number.NEGATIVE_INFINITY) {
      return new EchoNetError("TIMED_OUT", `the host has said nothing for ${seconds} s`);
    }
    const where = this.invite.addresses.join(", ");
    return new EchoNetError(
      "NO_ROUTE",
      `nobody answered at ${where} for ${seconds} s; is the host still waiting?`,
    );
  }

  /** Takes in what arrived. An answer that is for the owner comes back, and a challenge that is a new one. */
  handle({ from, datagram }: Received, nowMs: number): Message | undefined {
    const message = openMessage(this.#key, datagram);
    if (message === undefined || !equalBytes(message.token, this.#options.nonce)) return undefined;
    if (message.type === REFUSE) this.#refused(message, nowMs);
    else if (message.protocol !== PROTOCOL_VERSION) this.refusals.protocol++;
    else if (!message.genuine) this.refusals.secret++;
    else if (message.type === CHALLENGE) return this.#challenged(from, message, nowMs) ? message : undefined;
    else if (this.#challenge === undefined) this.refusals.form++;
    else return message;
    return undefined;
  }

  #refused(message: Message, nowMs: number): void {
    const refusal = readAnswer(message.body, (reader) => [reader.u8(), reader.u8(), reader.u8()] as const);
    const error = refusal && errorOfRefusal(message.protocol, refusal, this.#options.localSlots);
    if (error === undefined) this.refusals.form++;
    else if (message.genuine) this.#failure = error;
    else this.#unproven ??= { error, sinceMs: nowMs };
  }

  #challenged(from: Address, message: Message, nowMs: number): boolean {
    const fields = readAnswer(message.body, (reader) => ({
      cookie: reader.bytes(COOKIE_BYTES).slice(),
      hostNonce: reader.bytes(TOKEN_BYTES).slice(),
      manifest: reader.bytes(reader.u16()),
    }));
    const manifest = fields && manifestIn(fields.manifest);
    if (fields === undefined || manifest === undefined) {
      this.refusals.form++;
      return false;
    }
    const { cookie, hostNonce } = fields;
    const known = this.#challenge;
    // Repeated, or by way of another of the host's addresses.
    if (known !== undefined && (known.hostAddress !== from || equalBytes(known.cookie, cookie))) return false;
    const { hostKey, sessionId } = this.invite;
    if (sessionIdOf(gameIdOf(manifest), hostKey, hostNonce) !== sessionId) {
      this.refusals.session++;
      return false;
    }
    const difference = explainMismatch({ protocol: PROTOCOL_VERSION, ...this.#options.wanted }, manifest);
    if (difference !== "") {
      const hint = `the host plays something else: ${difference}`;
      this.#failure = new EchoNetError("SESSION_MISMATCH", hint);
      return false;
    }
    this.#challenge = { manifest, hostNonce, hostAddress: from, cookie };
    this.heard(nowMs);
    return true;
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
