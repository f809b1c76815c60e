import { describe, expect, test } from "vitest";
import {
  bytesNamed,
  crypto,
  hostOf,
  joinerOf,
  manifest,
  meet,
  type Party,
  partyOf,
} from "../../../test/guard/lobbies.js";
import { TinyNetwork } from "../../../test/guard/network.js";
import { asSlot, type Hash } from "../base/brand.js";
import type { EchoNetError } from "../base/errors.js";
import { blake3Keyed } from "../base/hash.js";
import { COOKIE_EPOCH_MS, HANDSHAKE_BYTES, MAX_ADDRESS_BYTES } from "../wire/limits.js";
import { CookieJar } from "./cookie.js";
import { gameIdOf, sessionIdOf } from "./identity.js";
import type { JoinLobby } from "./join-lobby.js";
import { handshakeKey, openMessage, ROSTER, sealMessage } from "./messages.js";
import { agreementSecretOf } from "./pairing.js";
import { openRoster, type Seat, seatsOf, signRoster } from "./roster-message.js";

const KEY = handshakeKey(bytesNamed("secret", 16));
const hostKey = crypto.publicKeyOf(bytesNamed("host"));
const SESSION = sessionIdOf(gameIdOf(manifest), hostKey, bytesNamed("session", 16));

const seat = (name: string, slots: readonly number[], address = `net:${name}`): Seat => ({
  key: crypto.publicKeyOf(bytesNamed(name)),
  agreementKey: crypto.agreementKeyOf(bytesNamed(`${name} agreement`)),
  slots: slots.map(asSlot),
  rights: ["network:emit"],
  address,
});

describe("a roster message", () => {
  test("EN-350 of eight peers with the longest addresses fits one datagram and comes back whole", () => {
    const seats = Array.from({ length: 8 }, (_, i) => seat(`p${i}`, [i], "x".repeat(MAX_ADDRESS_BYTES)));
    const body = signRoster(crypto, bytesNamed("p0"), SESSION, seats);
    const message = sealMessage(KEY, ROSTER, bytesNamed("token", 16), (writer) => writer.bytes(body));
    expect(message.length).toBeLessThanOrEqual(HANDSHAKE_BYTES);
    const { body: received, genuine } = openMessage(KEY, message)!;
    expect(genuine).toBe(true);
    expect(openRoster(crypto, seats[0]!.key, SESSION, received)).toEqual(seats);
  });

  test("EN-351 holds only whole, for its session and under its host's key", () => {
    const seats = [seat("host", [0], ""), seat("guest", [1])];
    const body = signRoster(crypto, bytesNamed("host"), SESSION, seats);
    expect(openRoster(crypto, hostKey, SESSION, body)).toEqual(seats);
    expect(openRoster(crypto, seats[1]!.key, SESSION, body)).toBeUndefined();
    expect(openRoster(crypto, hostKey, "00".repeat(32) as Hash, body)).toBeUndefined();
    for (let at = 0; at < body.length; at++) {
      const tampered = body.slice();
      tampered[at]! ^= 1 << (at % 8);
      expect(openRoster(crypto, hostKey, SESSION, tampered)).toBeUndefined();
      expect(openRoster(crypto, hostKey, SESSION, body.subarray(0, at))).toBeUndefined();
    }
  });

  test("EN-352 gives the host's slots first, then the others' as they came, with the rights of the mode", () => {
    const guest = { ...seat("guest", []), slots: 2 };
    const host = { ...seat("host", [], ""), slots: 1 };
    const slotsAndRights = (seats: readonly Seat[]): unknown =>
      seats.map(({ slots, rights }) => [slots, rights]);
    expect(slotsAndRights(seatsOf(manifest, host, [guest]))).toEqual([
      [[0], ["network:emit"]],
      [[1, 2], ["network:emit"]],
    ]);
    expect(slotsAndRights(seatsOf({ ...manifest, mode: "hybrid" }, { ...host, slots: 0 }, [guest]))).toEqual([
      [[], ["network:authority"]],
      [[0, 1], ["network:emit"]],
    ]);
  });
});

/** Lets a joiner meet a host whose ROSTER is changed on the way, by somebody who knows the secret. */
function meetThrough(change: (body: Uint8Array) => Uint8Array, times = Number.POSITIVE_INFINITY): Party {
  const network = new TinyNetwork(1);
  const transport = network.open("net:host");
  const host = partyOf(hostOf(transport), transport);
  const own = network.open("net:joiner");
  const invite = (host.lobby as unknown as { invite: string }).invite;
  const joiner = partyOf(joinerOf(own, invite, "joiner"), own);
  let changes = 0;
  network.tamper = (datagram) => {
    if (datagram[0] !== ROSTER || changes++ >= times) return datagram;
    const { token, body } = openMessage(KEY, datagram)!;
    return sealMessage(KEY, ROSTER, token, (writer) => writer.bytes(change(body)));
  };
  meet(network, [host, joiner], 60);
  return joiner;
}

describe("a joiner", () => {
  test("EN-353 ignores rosters that the host did not sign, and takes the one that it did", () => {
    const joiner = meetThrough((body) => body.map((byte, i) => (i === 5 ? byte ^ 1 : byte)), 5);
    expect(joiner.state.type).toBe("started");
    expect((joiner.lobby as JoinLobby).refusals.signature).toBe(5);
  });

  test("EN-354 refuses in words a signed roster that does not hold together", () => {
    const agreement = (name: string, nonce: string): Uint8Array =>
      crypto.agreementKeyOf(agreementSecretOf(bytesNamed(name), bytesNamed(nonce, 16)));
    const host = { ...seat("host", [0], ""), agreementKey: agreement("host", "session") };
    const ours = { ...seat("joiner", [1]), agreementKey: agreement("joiner", "joiner nonce") };
    const signed = (seats: readonly Seat[]): Party =>
      meetThrough(() => signRoster(crypto, bytesNamed("host"), SESSION, seats));
    expect(signed([host, ours]).state.type).toBe("started");
    const broken: (readonly Seat[])[] = [
      [host],
      [ours, host],
      [host, seat("another", [1])],
      [host, { ...ours, slots: [] }],
      [
        { ...host, slots: [] },
        { ...ours, slots: [asSlot(0), asSlot(1)] },
      ],
      [host, { ...ours, agreementKey: agreement("another", "joiner nonce") }],
      [{ ...host, agreementKey: new Uint8Array(32) }, ours],
      [host, ours, seat("another", [2])],
      [host, ours, { ...seat("another", []), key: host.key }],
      [host, ours, { ...seat("another", []), key: new Uint8Array(32) }],
    ];
    for (const seats of broken) {
      const { state } = signed(seats);
      expect(state.type).toBe("failed");
      expect((state as { error: EchoNetError }).error.hint).toMatch(
        /the host's roster does not hold together/,
      );
    }
  });
});

describe("a cookie", () => {
  test("EN-355 holds for one address and token, and for one to two epochs", () => {
    const jar = new CookieJar(bytesNamed("root"));
    const token = bytesNamed("token", 16);
    for (const bakedMs of [0, 1, COOKIE_EPOCH_MS - 1, 12_345_678.9, -5]) {
      const cookie = jar.bake("net:a", token, bakedMs);
      const epoch = Math.floor(bakedMs / COOKIE_EPOCH_MS);
      for (const laterMs of [bakedMs, (epoch + 1) * COOKIE_EPOCH_MS, (epoch + 2) * COOKIE_EPOCH_MS - 1]) {
        expect(jar.holds(cookie, "net:a", token, laterMs)).toBe(true);
      }
      expect(jar.holds(cookie, "net:a", token, (epoch + 2) * COOKIE_EPOCH_MS)).toBe(false);
      expect(jar.holds(cookie, "net:b", token, bakedMs)).toBe(false);
      expect(jar.holds(cookie, "net:a", bytesNamed("another", 16), bakedMs)).toBe(false);
      expect(new CookieJar(bytesNamed("other")).holds(cookie, "net:a", token, bakedMs)).toBe(false);
      const newer = cookie.slice();
      newer[0]!++;
      expect(jar.holds(newer, "net:a", token, (epoch + 2) * COOKIE_EPOCH_MS)).toBe(false);
    }
  });
});

test("EN-356 a handshake's tag is keyed BLAKE3 of the message, and covers all of it", () => {
  const message = sealMessage(KEY, ROSTER, bytesNamed("token", 16), (writer) => writer.u32(7));
  expect(message.subarray(-16)).toEqual(blake3Keyed(KEY, message.subarray(0, -16)).subarray(0, 16));
  for (let bit = 0; bit < 8 * message.length; bit++) {
    const damaged = message.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    expect(openMessage(KEY, damaged)?.genuine ?? false).toBe(false);
  }
});
