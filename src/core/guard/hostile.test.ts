import { describe, expect, test } from "vitest";
import {
  bytesNamed,
  crypto,
  hostOf,
  joinerOf,
  meet,
  type Party,
  partyOf,
  TICK_MS,
} from "../../../test/guard/lobbies.js";
import { TinyNetwork } from "../../../test/guard/network.js";
import { ByteWriter } from "../base/bytes.js";
import { blake3Keyed, domainHash } from "../base/hash.js";
import { Xoshiro128 } from "../base/prng.js";
import { MAX_SEALED_BYTES, MAX_STRANGER_ANSWERS_PER_UPDATE } from "../wire/limits.js";
import { CHANNEL_REFUSALS } from "../wire/refusal.js";
import { writeFetch } from "./bundle-desk.js";
import { SealedChannel } from "./channel.js";
import { COOKIE_BYTES, CookieJar } from "./cookie.js";
import type { HostLobby } from "./host-lobby.js";
import { decodeInvite } from "./invite.js";
import type { JoinLobby } from "./join-lobby.js";
import { signJoinRequest, writeJoinRequest } from "./join-request.js";
import { FETCH, handshakeKey, JOIN, sealMessage } from "./messages.js";
import { HANDSHAKE_REFUSALS } from "./refusal.js";

const KEY = handshakeKey(bytesNamed("secret", 16));
const TAG_BYTES = 16;
const MAGIC = [0x45, 0x63, 0x4e, 0x74];
const MUTANTS = 100_000;
/** Where a change falls: rarely into the head, mostly into the fields that follow it, else anywhere. */
const PLACES = [0, 1, 1, 1, 1, 2];
const STRANGER = "net:stranger";
const randomOf = (name: string): Xoshiro128 => new Xoshiro128(bytesNamed(name));

/** A host with one joiner waiting for a third, and every kind of message that went between them. */
function waitingRoom(): { network: TinyNetwork; host: Party; joiner: Party; messages: Uint8Array[] } {
  const network = new TinyNetwork(1);
  const transport = network.open("net:host");
  const lobby = hostOf(transport, { players: 3 });
  const host = partyOf(lobby, transport);
  const own = network.open("net:joiner");
  const joiner = partyOf(joinerOf(own, lobby.invite, "joiner", { timeoutMs: 1e9 }), own);
  meet(network, [host, joiner], 20);
  const messages = [1, 2, 3, 4].map(
    (type) => network.sent.find(({ datagram }) => datagram[0] === type)!.datagram,
  );
  return { network, host, joiner, messages };
}

/** Flips, cuts, lengthens, or leaves a message; half of them get the tag of somebody who knows the secret. */
function mutate(message: Uint8Array, random: Xoshiro128): Uint8Array {
  const mutant = message.slice(0, random.int(4) === 0 ? random.int(message.length + 1) : message.length);
  for (let changes = random.int(3); changes > 0 && mutant.length > 0; changes--) {
    const place = [random.int(8), 23 + random.int(40), random.int(mutant.length)][PLACES[random.int(6)]!]!;
    const at = place % mutant.length;
    mutant[at]! = random.int(2) === 0 ? random.int(256) : mutant[at]! ^ (1 << random.int(8));
  }
  if (mutant.length < 40 || random.int(2) === 0) return mutant;
  const end = mutant.length - TAG_BYTES;
  mutant.set(blake3Keyed(KEY, mutant.subarray(0, end)).subarray(0, TAG_BYTES), end);
  return mutant;
}

describe("a host under attack", () => {
  test("EN-340 answers no datagram of any length, type or fill with more bytes, and keeps nothing of it", () => {
    const { network, host, joiner } = waitingRoom();
    const random = randomOf("fills");
    const stranger = network.open(STRANGER);
    for (const fill of [(): number => 0, (): number => 255, (): number => random.int(256)]) {
      for (let length = 0; length <= 1300; length++) {
        for (const type of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 255]) {
          const datagram = Uint8Array.from({ length }, fill);
          datagram.set([type, ...MAGIC].slice(0, length));
          const before = network.bytesTo.get(STRANGER) ?? 0;
          host.lobby.handle({ from: STRANGER, datagram }, network.nowMs);
          expect((network.bytesTo.get(STRANGER) ?? 0) - before).toBeLessThanOrEqual(length);
          joiner.lobby.handle({ from: STRANGER, datagram }, network.nowMs);
        }
      }
      host.lobby.update(network.nowMs);
    }
    expect([...stranger.receive()].length).toBeLessThanOrEqual(3 * MAX_STRANGER_ANSWERS_PER_UPDATE);
    expect(host.lobby.update(network.nowMs)).toEqual({ type: "waiting", present: 2, players: 3 });
    expectRoomFills(network, host, joiner);
  });

  test("EN-341 meets every refusal a thousand times in mutants, half of them by somebody who knows the secret", () => {
    const { network, host, joiner, messages } = waitingRoom();
    const insider = insiderOf((host.lobby as HostLobby).invite);
    const random = randomOf("mutants");
    for (let i = 0; i < MUTANTS; i++) {
      const fresh = random.int(3) === 0 ? insider(random) : messages[random.int(messages.length)]!;
      const datagram = mutate(fresh, random);
      const from = random.int(4) === 0 ? "net:joiner" : STRANGER;
      const before = network.bytesTo.get(from) ?? 0;
      host.lobby.handle({ from, datagram }, network.nowMs);
      const answered = (network.bytesTo.get(from) ?? 0) - before;
      if (answered > datagram.length) expect(answered).toBeLessThanOrEqual(datagram.length);
      joiner.lobby.handle({ from: random.int(2) === 0 ? "net:host" : STRANGER, datagram }, network.nowMs);
      if (i % 50 === 0) host.state = host.lobby.update(network.nowMs);
      network.sent.length = 0;
    }
    const { refusals } = host.lobby as HostLobby;
    const others = (joiner.lobby as JoinLobby).refusals;
    for (const code of HANDSHAKE_REFUSALS) {
      expect(
        refusals[code] + others[code],
        `${code}: ${JSON.stringify([refusals, others])}`,
      ).toBeGreaterThanOrEqual(1_000);
    }
    expect(host.lobby.update(network.nowMs)).toEqual({ type: "waiting", present: 2, players: 3 });
    expectRoomFills(network, host, joiner);
  });
});

/** Whatever happened, the joiner is still there and a third fills the room. */
function expectRoomFills(network: TinyNetwork, host: Party, joiner: Party): void {
  for (const { transport } of [host, joiner]) [...transport.receive()];
  const own = network.open("net:third");
  const third = partyOf(joinerOf(own, (host.lobby as HostLobby).invite, "third"), own);
  meet(network, [host, joiner, third], 120);
  expect([host, joiner, third].map(({ state }) => state.type)).toEqual(["started", "started", "started"]);
}

/** Makes what only somebody with the invite can: questions that go far. */
function insiderOf(invite: string): (random: Xoshiro128) => Uint8Array {
  const { sessionId } = decodeInvite(invite);
  const secretKey = bytesNamed("insider");
  const token = bytesNamed("insider token", 16);
  const request = {
    key: crypto.publicKeyOf(secretKey),
    agreementKey: crypto.agreementKeyOf(secretKey),
    slots: 1,
  };
  const good = signJoinRequest(crypto, secretKey, sessionId, token, request);
  const cookies = new CookieJar(domainHash("cookie-root", bytesNamed("host"), bytesNamed("session", 16)));
  return (random) => {
    const nowMs = 20 * TICK_MS;
    const cookie = random.int(4) === 0 ? new Uint8Array(COOKIE_BYTES) : cookies.bake(STRANGER, token, nowMs);
    if (random.int(4) === 0) {
      return sealMessage(KEY, FETCH, token, (writer) => writeFetch(writer, { cookie, part: random.int(3) }));
    }
    // Signed for other slots than it asks for, or with a key that others have, or that proves nothing.
    const slots = random.int(3) === 0 ? 2 : 1;
    const keys = [request.key, crypto.publicKeyOf(bytesNamed("joiner")), new Uint8Array(32)];
    const key = keys[random.int(3)]!;
    const signature = random.int(8) === 0 ? good.map((byte) => byte ^ 1) : bytesNamed("no signature", 64);
    return sealMessage(KEY, JOIN, token, (writer) => {
      writeJoinRequest(writer, { ...request, cookie, key, slots, signature });
    });
  };
}

describe("a channel under attack", () => {
  test("EN-309 meets every refusal a thousand times, and the honest go through", () => {
    const keys = [bytesNamed("forth"), bytesNamed("back")] as const;
    const ours = new SealedChannel({ send: keys[0], receive: keys[1] });
    const theirs = new SealedChannel({ send: keys[1], receive: keys[0] });
    const random = randomOf("channel");
    const writer = new ByteWriter();
    const counts = new Map<string, number>();
    const old: Uint8Array[] = [];
    for (let i = 0; i < 20_000; i++) {
      ours.begin(writer);
      writer.bytes(Uint8Array.from({ length: random.int(60) }, () => random.int(256)));
      const datagram = ours.finish(writer).slice();
      old.push(datagram);
      const forged = datagram.slice(0, random.int(3) === 0 ? random.int(datagram.length) : datagram.length);
      if (forged.length > 0) forged[random.int(forged.length)]! ^= 1 << random.int(8);
      const long = new Uint8Array(MAX_SEALED_BYTES + 1 + random.int(100));
      const replayed = old[Math.max(0, old.length - 2 - random.int(400))]!;
      const foreign = Uint8Array.of(random.int(8), ...datagram.subarray(1));
      for (const hostile of [forged, long, replayed, foreign]) {
        const refusal = theirs.open(hostile);
        // The very first replayed one is the honest one itself, which has not been opened yet.
        if (hostile !== replayed || i > 0) expect(refusal).toBeDefined();
        counts.set(refusal ?? "none", (counts.get(refusal ?? "none") ?? 0) + 1);
      }
      if (i > 0) expect(theirs.open(datagram)).toBeUndefined();
    }
    for (const code of CHANNEL_REFUSALS) expect(counts.get(code), code).toBeGreaterThanOrEqual(1_000);
  });
});
