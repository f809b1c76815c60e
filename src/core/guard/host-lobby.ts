import type { Hash } from "../base/brand.js";
import { equalBytes } from "../base/bytes.js";
import { domainHash } from "../base/hash.js";
import { invariant } from "../base/invariant.js";
import { fingerprintOfBundle } from "../bundle/game-bundle.js";
import { encode } from "../envelope/codec.js";
import { isSoundPublicKey } from "../envelope/signature.js";
import {
  HANDSHAKE_BYTES,
  MAX_JOIN_CHECKS_PER_UPDATE,
  MAX_SLOTS,
  MAX_STRANGER_ANSWERS_PER_UPDATE,
} from "../wire/limits.js";
import type { Address, Received } from "../wire/transport.js";
import { BundleDesk, readFetch } from "./bundle-desk.js";
import { CookieJar } from "./cookie.js";
import {
  bytesOfHash,
  gameIdOf,
  manifestValue,
  matchIdentityOf,
  PROTOCOL_VERSION,
  sessionIdOf,
} from "./identity.js";
import { encodeInvite, isAddress, SECRET_BYTES } from "./invite.js";
import { type JoinRequest, readJoinRequest, verifyJoinRequest } from "./join-request.js";
import type { HostLobbyOptions, Lobby, LobbyState, MatchStart } from "./lobby.js";
import { requireMatch } from "./manifest.js";
import {
  CHALLENGE,
  HELLO,
  handshakeKey,
  isQuestion,
  JOIN,
  type Message,
  openMessage,
  PART,
  REFUSE,
  REFUSE_BYTES,
  RefusalCode,
  ROSTER,
  readQuestion,
  sealMessage,
  WAIT,
} from "./messages.js";
import { agreementSecretOf, startMatch } from "./pairing.js";
import {
  emptyHandshakeRefusalCounts,
  type HandshakeRefusal,
  type HandshakeRefusalCounts,
} from "./refusal.js";
import { type Member, Room } from "./room.js";
import { seatsOf, signRoster } from "./roster-message.js";

/**
 * The host's side of the handshake. It answers and never asks: whoever has not proven an address costs no memory,
 * and nobody gets more bytes than they sent. Once all slots are taken it signs the roster, which fixes the match.
 */
export class HostLobby implements Lobby {
  /** One word that holds all a joiner needs. */
  readonly invite: string;
  readonly refusals: HandshakeRefusalCounts = emptyHandshakeRefusalCounts();
  readonly #options: HostLobbyOptions;
  readonly #hostKey: Uint8Array;
  readonly #sessionId: Hash;
  readonly #handshakeKey: Uint8Array;
  readonly #agreementSecret: Uint8Array;
  readonly #manifestBytes: Uint8Array;
  readonly #cookies: CookieJar;
  readonly #bundle: BundleDesk | undefined;
  readonly #room: Room;
  #roster: Uint8Array | undefined;
  #start: MatchStart | undefined;
  #checks = 0;
  #strangerAnswers = 0;

  /** Throws `EchoNetError`: `INPUT_INVALID` for options that make no match, `NO_ROUTE` without an address. */
  constructor(options: HostLobbyOptions) {
    const { manifest, nonce, secret, secretKey, localSlots, transport, crypto, bundle } = options;
    requireMatch(manifest, localSlots);
    invariant(secret.length === SECRET_BYTES, "an invite's secret has 16 bytes");
    this.#options = options;
    this.#hostKey = crypto.publicKeyOf(secretKey);
    this.#room = new Room(manifest.players, localSlots, this.#hostKey);
    this.#sessionId = sessionIdOf(gameIdOf(manifest), this.#hostKey, nonce);
    this.#handshakeKey = handshakeKey(secret);
    this.#agreementSecret = agreementSecretOf(secretKey, nonce);
    this.#manifestBytes = encode(manifestValue(manifest));
    this.#cookies = new CookieJar(domainHash("cookie-root", secretKey, nonce));
    invariant(
      bundle === undefined || fingerprintOfBundle(bundle) === manifest.game.fingerprint,
      "a bundle makes the fingerprint of its game",
    );
    this.#bundle = bundle && new BundleDesk(bundle);
    const { addresses } = transport;
    this.invite = encodeInvite({ addresses, hostKey: this.#hostKey, sessionId: this.#sessionId, secret });
    if (localSlots === manifest.players) this.#fixRoster();
  }

  /** Begins without waiting any longer: the host plays every slot that nobody has. */
  takeRest(): void {
    if (this.#start !== undefined) return;
    this.#room.takeRest();
    this.#fixRoster();
  }

  /** Gives the places of those at addresses that nothing reaches any more to others, until the match begins. */
  forget(isGone: (address: Address) => boolean): void {
    if (this.#start === undefined) this.#room.forget(({ address }) => isGone(address));
  }

  update(nowMs: number): LobbyState {
    this.#checks = 0;
    this.#strangerAnswers = 0;
    this.#bundle?.renew();
    if (this.#start !== undefined) return { type: "started", start: this.#start };
    this.#room.forgetSilent(nowMs);
    return { type: "waiting", present: this.#room.present, players: this.#room.players };
  }

  handle({ from, datagram }: Received, nowMs: number): void {
    const message = openMessage(this.#handshakeKey, datagram);
    if (message === undefined || !isQuestion(message.type)) return;
    if (message.protocol !== PROTOCOL_VERSION) {
      // Another version may pad its questions otherwise: what counts is that the answer is no longer.
      if (datagram.length < REFUSE_BYTES) this.refusals.form++;
      else this.#refuseStranger(from, message, "protocol", RefusalCode.protocol);
    } else if (datagram.length !== HANDSHAKE_BYTES) {
      this.refusals.form++;
    } else if (!message.genuine) {
      this.#refuseStranger(from, message, "secret", RefusalCode.secret);
    } else if (message.type === HELLO) {
      this.#hello(from, message, nowMs);
    } else if (message.type === JOIN) {
      this.#join(from, message, nowMs);
    } else {
      this.#fetch(from, message, nowMs);
    }
  }

  #hello(from: Address, message: Message, nowMs: number): void {
    const session = readQuestion(message.body, (reader) => reader.bytes(32));
    const member = this.#room.memberOf(message.token);
    if (session === undefined) this.refusals.form++;
    else if (!equalBytes(session, bytesOfHash(this.#sessionId))) {
      this.#refuse(from, message, "session", RefusalCode.session);
    } else if (member !== undefined) this.#answer(from, message.token);
    else if (this.#start !== undefined) this.#refuse(from, message, "full", RefusalCode.begun);
    else if (this.#room.free === 0) this.#refuseFull(from, message);
    else this.#challenge(from, message.token, nowMs);
  }

  #challenge(to: Address, token: Uint8Array, nowMs: number): void {
    const { nonce } = this.#options;
    this.#send(to, CHALLENGE, token, (writer) => {
      writer.bytes(this.#cookies.bake(to, token, nowMs));
      writer.bytes(nonce);
      writer.u16(this.#manifestBytes.length);
      writer.bytes(this.#manifestBytes);
    });
  }

  /** A part of the game, for who has nothing but the invite. No place is kept for it meanwhile. */
  #fetch(from: Address, message: Message, nowMs: number): void {
    const question = readQuestion(message.body, readFetch);
    if (question === undefined || !isAddress(from)) {
      this.refusals.form++;
    } else if (!this.#cookies.holds(question.cookie, from, message.token, nowMs)) {
      this.refusals.cookie++;
      if (this.#start === undefined) this.#challenge(from, message.token, nowMs);
    } else if (this.#start !== undefined) {
      this.#refuse(from, message, "full", RefusalCode.begun);
    } else if (this.#room.free === 0) {
      this.#refuseFull(from, message);
    } else if (this.#bundle === undefined) {
      this.#refuse(from, message, "bundle", RefusalCode.bundle);
    } else {
      const refusal = this.#bundle.take(from, question.part, (part) =>
        this.#send(from, PART, message.token, part),
      );
      if (refusal !== undefined) this.refusals[refusal]++;
    }
  }

  #join(from: Address, message: Message, nowMs: number): void {
    const request = readQuestion(message.body, readJoinRequest);
    const member = this.#room.memberOf(message.token);
    if (request === undefined || request.slots < 1 || request.slots > MAX_SLOTS || !isAddress(from)) {
      this.refusals.form++;
    } else if (member !== undefined && member.address === from) {
      member.heardMs = nowMs;
      this.#answer(from, message.token);
    } else if (!this.#cookies.holds(request.cookie, from, message.token, nowMs)) {
      this.refusals.cookie++;
      if (this.#start === undefined) this.#challenge(from, message.token, nowMs);
    } else if (member !== undefined) {
      this.#move(member, from, request, nowMs);
    } else if (this.#start !== undefined) {
      this.#refuse(from, message, "full", RefusalCode.begun);
    } else if (request.slots > this.#room.free) {
      this.#refuseFull(from, message);
    } else if (!isSoundPublicKey(request.key) || this.#room.knows(request.key)) {
      this.#refuse(from, message, "key", RefusalCode.key);
    } else if (this.#checks === MAX_JOIN_CHECKS_PER_UPDATE) {
      this.refusals.busy++;
    } else {
      this.#checks++;
      this.#admit(from, message.token, request, nowMs);
    }
  }

  /** A member whose address changed under it, as addresses behind a router do. */
  #move(member: Member, from: Address, request: JoinRequest, nowMs: number): void {
    const same = equalBytes(member.request.signature, request.signature);
    if (!same || this.#start !== undefined) {
      this.refusals.key++;
      return;
    }
    member.address = from;
    member.heardMs = nowMs;
    this.#answer(from, member.token);
  }

  #admit(from: Address, token: Uint8Array, request: JoinRequest, nowMs: number): void {
    const { crypto } = this.#options;
    if (!verifyJoinRequest(crypto, this.#sessionId, token, request)) {
      this.refusals.signature++;
    } else if (crypto.agree(this.#agreementSecret, request.agreementKey) === undefined) {
      this.refusals.key++;
    } else {
      this.#room.members.push({ address: from, token: token.slice(), request, heardMs: nowMs });
      if (this.#room.isFull) this.#fixRoster();
      else this.#answer(from, token);
    }
  }

  /** Gives every slot to a peer, in the order of their coming, signs that, and tells all. */
  #fixRoster(): void {
    const { manifest, nonce, secret, secretKey, transport, crypto } = this.#options;
    const agreementKey = crypto.agreementKeyOf(this.#agreementSecret);
    const seats = seatsOf(
      manifest,
      { key: this.#hostKey, agreementKey, slots: this.#room.hostSlots, address: "" },
      this.#room.members.map(({ address, request }) => ({ ...request, address })),
    );
    const roster = seats.map(({ key, slots, rights }) => ({ key, slots, rights }));
    const identity = matchIdentityOf(manifest, this.#hostKey, nonce, roster);
    const hostAddress = transport.addresses[0]!;
    this.#start = startMatch(identity, seats, 0, hostAddress, this.#agreementSecret, secret, crypto);
    invariant(this.#start !== undefined, "members were asked for keys that can be agreed on");
    this.#roster = signRoster(crypto, secretKey, this.#sessionId, seats);
    for (const member of this.#room.members) this.#answer(member.address, member.token);
  }

  /** Tells a member where things stand: who waits for whom, or the roster. */
  #answer(to: Address, token: Uint8Array): void {
    const roster = this.#roster;
    if (roster !== undefined) {
      this.#send(to, ROSTER, token, (writer) => writer.bytes(roster));
      return;
    }
    this.#send(to, WAIT, token, (writer) => {
      writer.u8(this.#room.present);
      writer.u8(this.#room.players);
    });
  }

  #refuseFull(to: Address, message: Message): void {
    this.#refuse(to, message, "full", RefusalCode.full, this.#room.present, this.#room.players);
  }

  #refuseStranger(to: Address, message: Message, refusal: HandshakeRefusal, code: RefusalCode): void {
    if (this.#strangerAnswers === MAX_STRANGER_ANSWERS_PER_UPDATE) {
      this.refusals.busy++;
      return;
    }
    this.#strangerAnswers++;
    this.#refuse(to, message, refusal, code);
  }

  #refuse(to: Address, message: Message, refusal: HandshakeRefusal, code: RefusalCode, a = 0, b = 0): void {
    this.refusals[refusal]++;
    this.#send(to, REFUSE, message.token, (writer) => {
      writer.u8(code);
      writer.u8(a);
      writer.u8(b);
    });
  }

  #send(to: Address, type: number, token: Uint8Array, body: Parameters<typeof sealMessage>[3]): void {
    this.#options.transport.send(to, sealMessage(this.#handshakeKey, type, token, body));
  }
}
