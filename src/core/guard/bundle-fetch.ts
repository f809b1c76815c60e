import { EchoNetError, type EchoNetErrorCode } from "../base/errors.js";
import { fingerprintOfBundle } from "../bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES } from "../bundle/limits.js";
import { BUNDLE_PART_BYTES, FETCH_MS } from "../wire/limits.js";
import type { Received } from "../wire/transport.js";
import { Approach, type ApproachOptions } from "./approach.js";
import { writeFetch } from "./bundle-desk.js";
import { FetchPace } from "./fetch-pace.js";
import type { Manifest } from "./identity.js";
import { CHALLENGE, FETCH, type Message, PART, readAnswer } from "./messages.js";
import type { HandshakeRefusalCounts } from "./refusal.js";

/** Where a fetch stands. `totalBytes` is undefined until the host has said it. */
export type FetchState =
  | { readonly type: "fetching"; readonly receivedBytes: number; readonly totalBytes: number | undefined }
  | { readonly type: "fetched"; readonly manifest: Manifest; readonly bundle: Uint8Array }
  | { readonly type: "failed"; readonly error: EchoNetError };

/** What has come of a bundle. */
interface Collected {
  readonly bytes: Uint8Array;
  readonly pace: FetchPace;
  receivedBytes: number;
}

/**
 * Fetches the game of a match from its host, for a joiner that has nothing but the invite, before it asks for a place.
 * The invite names the manifest and the manifest the game: what comes is that game's bundle to the byte, or nothing.
 */
export class BundleFetch {
  readonly #approach: Approach;
  #state: FetchState = { type: "fetching", receivedBytes: 0, totalBytes: undefined };
  /** Undefined until the first part has come, which says how many there are. */
  #collected: Collected | undefined;
  #beganMs = Number.NaN;

  /** Throws `EchoNetError` `INPUT_INVALID` for an invite that cannot be used. */
  constructor(options: ApproachOptions) {
    this.#approach = new Approach(options);
  }

  /** What arrived and was not followed. */
  get refusals(): HandshakeRefusalCounts {
    return this.#approach.refusals;
  }

  /** Sends what is due, and says where things stand. */
  update(nowMs: number): FetchState {
    if (this.#state.type !== "fetching") return this.#state;
    if (Number.isNaN(this.#beganMs)) this.#beganMs = nowMs;
    const isDue = this.#approach.update(nowMs, false);
    this.#followFailure();
    if (nowMs - this.#beganMs >= FETCH_MS) {
      this.#fail("TIMED_OUT", `the game has not come from the host within ${FETCH_MS / 1000} s`);
    }
    if (this.#state.type !== "fetching") return this.#state;
    if (this.#collected !== undefined) {
      for (const part of this.#collected.pace.due(nowMs)) this.#ask(part, nowMs);
    } else if (isDue) {
      this.#ask(0, nowMs);
    }
    return this.#state;
  }

  /** Takes in one datagram; one that is no answer of the host's is left alone. */
  handle(received: Received, nowMs: number): void {
    if (this.#state.type !== "fetching") return;
    const message = this.#approach.handle(received, nowMs);
    this.#followFailure();
    if (message === undefined) return;
    if (message.type === CHALLENGE) {
      if (this.#collected === undefined) this.#ask(0, nowMs);
    } else if (message.type === PART) this.#part(message, nowMs);
    else this.refusals.form++;
  }

  #followFailure(): void {
    const error = this.#approach.failure;
    if (error !== undefined) this.#state = { type: "failed", error };
  }

  #ask(part: number, nowMs: number): void {
    const { cookie } = this.#approach.challenge!;
    this.#approach.ask(
      this.#approach.question(FETCH, (writer) => writeFetch(writer, { cookie, part })),
      nowMs,
    );
  }

  #part(message: Message, nowMs: number): void {
    const answer = readAnswer(message.body, (reader) => ({
      part: reader.u16(),
      totalBytes: reader.u32(),
      bytes: reader.bytes(reader.remaining),
    }));
    if (answer === undefined) {
      this.refusals.form++;
      return;
    }
    const { part, totalBytes, bytes } = answer;
    if (totalBytes < 1 || totalBytes > MAX_BUNDLE_BYTES) {
      const most = `${MAX_BUNDLE_BYTES} are allowed`;
      this.#fail("SESSION_MISMATCH", `the host offers a game of ${totalBytes} bytes, and ${most}`);
      return;
    }
    this.#collected ??= {
      bytes: new Uint8Array(totalBytes),
      pace: new FetchPace(Math.ceil(totalBytes / BUNDLE_PART_BYTES)),
      receivedBytes: 0,
    };
    const collected = this.#collected;
    if (totalBytes !== collected.bytes.length) {
      this.#fail("SESSION_MISMATCH", "the host changes the length of its game while it sends it");
      return;
    }
    const start = part * BUNDLE_PART_BYTES;
    if (bytes.length !== Math.min(BUNDLE_PART_BYTES, totalBytes - start)) this.refusals.form++;
    else if (collected.pace.arrived(part, nowMs)) this.#collect(collected, start, bytes, nowMs);
  }

  #collect(collected: Collected, start: number, bytes: Uint8Array, nowMs: number): void {
    this.#approach.heard(nowMs);
    collected.bytes.set(bytes, start);
    collected.receivedBytes += bytes.length;
    const { receivedBytes } = collected;
    if (!collected.pace.complete) {
      this.#state = { type: "fetching", receivedBytes, totalBytes: collected.bytes.length };
      return;
    }
    const { manifest } = this.#approach.challenge!;
    if (fingerprintOfBundle(collected.bytes) === manifest.game.fingerprint) {
      this.#state = { type: "fetched", manifest, bundle: collected.bytes };
    } else {
      this.#fail("SESSION_MISMATCH", "what the host sent is not the game of its invite");
    }
  }

  #fail(code: EchoNetErrorCode, hint: string): void {
    this.#state = { type: "failed", error: new EchoNetError(code, hint) };
  }
}
