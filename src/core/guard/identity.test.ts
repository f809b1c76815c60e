import { describe, expect, test } from "vitest";
import { bytesNamed, crypto, manifest } from "../../../test/guard/lobbies.js";
import { asSlot, type Hash } from "../base/brand.js";
import { EchoNetError } from "../base/errors.js";
import type { Value } from "../base/value.js";
import { decode, encode } from "../envelope/codec.js";
import {
  gameIdOf,
  type Manifest,
  manifestValue,
  matchIdentityOf,
  type RosterPeer,
  sessionIdOf,
} from "./identity.js";
import { decodeInvite, encodeInvite, type Invite } from "./invite.js";
import { parseManifest, parseRoster } from "./manifest.js";
import { explainMismatch } from "./mismatch.js";

const other: { [Field in keyof Manifest]: Manifest[Field] } = {
  protocol: 2,
  game: { ...manifest.game, version: "1.0.1" },
  tickHz: 30,
  mode: "lockstep",
  windowTicks: 7,
  rewindTicks: 1,
  late: "retro",
  hashEveryTicks: 2,
  limits: { eventsPerTick: 31, bytesPerTick: 1024 },
  players: 3,
  ticks: null,
};

const key = (name: string): Uint8Array => crypto.publicKeyOf(bytesNamed(name));
const peer = (name: string, ...slots: readonly number[]): RosterPeer => ({
  key: key(name),
  slots: slots.map(asSlot),
  rights: ["network:emit"],
});

/** What a manifest becomes where a path of it has another value. */
function changed(path: string, value: Value | undefined): Value {
  const copy = decode(encode(manifestValue(manifest))) as { [key: string]: unknown };
  const steps = path.split(".");
  const last = steps.pop()!;
  const target = steps.reduce((inner, step) => inner[step] as { [key: string]: unknown }, copy);
  if (value === undefined) delete target[last];
  else target[last] = value;
  return copy as Value;
}

describe("an identity", () => {
  test("EN-310 GameId covers every field of the manifest, and the refusal names what differs", () => {
    const ids = new Set([gameIdOf(manifest)]);
    for (const [field, value] of Object.entries(other)) {
      const theirs = { ...manifest, [field]: value } as Manifest;
      ids.add(gameIdOf(theirs));
      expect(explainMismatch(manifest, theirs)).toMatch(/^[a-z ]+ \S+ here, .+ there$/);
    }
    expect(ids.size).toBe(1 + Object.keys(manifest).length);
    expect(explainMismatch(manifest, manifest)).toBe("");
    expect(explainMismatch({ game: manifest.game }, { ...manifest, tickHz: 30 })).toBe("");
    expect(gameIdOf({ ...manifest, extra: 1 } as Manifest)).toBe(gameIdOf(manifest));
  });

  test("EN-311 SessionId covers GameId, host key and nonce; MatchId covers the roster; branch and seed follow", () => {
    const nonce = bytesNamed("nonce", 16);
    const roster = [peer("host", 0), peer("guest", 1)];
    const base = matchIdentityOf(manifest, key("host"), nonce, roster);
    expect(matchIdentityOf(manifest, key("host"), nonce, roster)).toEqual(base);
    expect(base.gameId).toBe(gameIdOf(manifest));
    expect(base.sessionId).toBe(sessionIdOf(base.gameId, key("host"), nonce));
    expect(base.kairos).toMatch(/^[0-9a-f]{32}$/);
    expect(base.seed.length).toBe(32);
    const others = [
      matchIdentityOf({ ...manifest, ticks: 601 }, key("host"), nonce, roster),
      matchIdentityOf(manifest, key("guest"), nonce, roster),
      matchIdentityOf(manifest, key("host"), bytesNamed("another", 16), roster),
      matchIdentityOf(manifest, key("host"), nonce, [peer("host", 1), peer("guest", 0)]),
      matchIdentityOf(manifest, key("host"), nonce, [peer("host", 0), peer("another", 1)]),
      matchIdentityOf(manifest, key("host"), nonce, [peer("host", 0), { ...peer("guest", 1), rights: [] }]),
    ];
    expect(new Set([base, ...others].map(({ matchId }) => matchId)).size).toBe(7);
    expect(new Set([base, ...others].map(({ kairos }) => kairos)).size).toBe(7);
    expect(new Set([base, ...others].map(({ sessionId }) => sessionId)).size).toBe(4);
  });

  test("EN-312 is pinned: if this changes, bump PROTOCOL_VERSION", () => {
    const identity = matchIdentityOf(manifest, key("host"), bytesNamed("nonce", 16), [
      peer("host", 0),
      peer("guest", 1),
    ]);
    const { gameId, sessionId, matchId, kairos } = identity;
    expect({
      gameId,
      sessionId,
      matchId,
      kairos,
      seed: Array.from(identity.seed.subarray(0, 4)),
    }).toMatchInlineSnapshot(`
      {
        "gameId": "6674864052dbb239af973c521745537e086ead9e796ad8852af624228eff6807",
        "kairos": "4d799aa8406bd4298319605a1c3ea88c",
        "matchId": "f5e38947e39bce725bd211b113f7a2602b09c87120715076ad12f3a21cee05e9",
        "seed": [
          206,
          36,
          85,
          205,
        ],
        "sessionId": "ac6607ed7f8381e3675d7b273d690ed9c589d0bbdf37198167887b222f7664af",
      }
    `);
  });
});

describe("untrusted data", () => {
  test("EN-313 is a manifest only where every field is what it must be", () => {
    expect(parseManifest(decode(encode(manifestValue(manifest))))).toEqual(manifest);
    expect(parseManifest(manifestValue({ ...manifest, ticks: null }))).toEqual({ ...manifest, ticks: null });
    const wrong: [string, Value | undefined, RegExp][] = [
      ["protocol", -1, /^protocol is not a whole number from 0 to 65535$/],
      ["game", null, /^game is no map$/],
      ["game", new Uint8Array(2), /^game is no map$/],
      ["game.name", "", /^game.name is no text of 1 to 64 bytes$/],
      ["game.name", "é".repeat(33), /^game.name is no text/],
      ["game.version", "1\u001b[31m", /^game.version holds characters that cannot be shown$/],
      ["game.version", "\u202egnp", /cannot be shown/],
      ["game.fingerprint", new Uint8Array(31), /^game.fingerprint is not 32 bytes$/],
      ["game.extra", 1, /^game does not have exactly the fields name, version, fingerprint$/],
      ["tickHz", 0, /^tickHz/],
      ["tickHz", 59.94, /^tickHz/],
      ["mode", "p2p", /^mode is none of lockstep, rollback, hybrid$/],
      ["mode", "lockstep", /^lockstep has a window of 0$/],
      ["windowTicks", 61, /^windowTicks/],
      ["rewindTicks", 1, /^only hybrid mode rewinds$/],
      ["late", "never", /^late is none of/],
      ["hashEveryTicks", 0, /^hashEveryTicks/],
      ["limits.eventsPerTick", 257, /^limits.eventsPerTick/],
      ["limits.bytesPerTick", "many", /^limits.bytesPerTick/],
      ["players", 9, /^players/],
      ["ticks", 0, /^ticks/],
      ["ticks", undefined, /^the manifest does not have exactly the fields/],
    ];
    for (const [path, value, words] of wrong) expect(parseManifest(changed(path, value))).toMatch(words);
    for (const value of [null, 1, "x", [], new Uint8Array(3)])
      expect(parseManifest(value)).toMatch(/is no map/);
  });

  test("EN-314 is a roster only where each slot has one peer and each peer one sound key", () => {
    const value = (peers: readonly RosterPeer[]): Value => peers as unknown as Value;
    const good = [peer("a", 0, 2), peer("b", 1)];
    expect(parseRoster(value(good), 3)).toEqual(good);
    const wrong: [Value, RegExp][] = [
      [value([]), /no list of 1 to 8 peers/],
      [value(Array.from({ length: 9 }, (_, i) => peer(`p${i}`, i % 8))), /no list of 1 to 8 peers/],
      [value([peer("a", 0), peer("b", 1)]), /does not give each slot from 0 to 2/],
      [value([peer("a", 0, 1), peer("b", 1)]), /does not give each slot/],
      [value([peer("a", 0, 1), peer("b", 7)]), /does not give each slot/],
      [value([peer("a", 2, 0), peer("b", 1)]), /out of order/],
      [value([peer("a", 0, 2), peer("a", 1)]), /peer 1 has the key of another/],
      [
        value([peer("a", 0, 2), { ...peer("b", 1), key: new Uint8Array(32) }]),
        /peer 1 has a key that proves nothing/,
      ],
      [value([peer("a", 0, 2), { ...peer("b", 1), rights: ["root" as never] }]), /peer 1.rights is none of/],
      [value([peer("a", 0, 2), { ...peer("b", 1), extra: 1 } as never]), /peer 1 does not have exactly/],
    ];
    for (const [roster, words] of wrong) expect(parseRoster(roster, 3)).toMatch(words);
  });
});

describe("an invite", () => {
  const invite: Invite = {
    addresses: ["udp:192.168.1.20:7777", "udp:[::1]:7777"],
    hostKey: key("host"),
    sessionId: "5a".repeat(32) as Hash,
    secret: bytesNamed("secret", 16),
  };

  test("EN-315 is one word that gives back what went in", () => {
    const word = encodeInvite(invite);
    expect(word).toMatch(/^echo-net:[A-Za-z0-9_-]+$/);
    expect(decodeInvite(word)).toEqual(invite);
    expect(decodeInvite(`  ${word}\n`)).toEqual(invite);
    for (let length = 1; length <= 60; length++) {
      const one = { ...invite, addresses: ["x".repeat(length)] };
      expect(decodeInvite(encodeInvite(one))).toEqual(one);
    }
    const many = { ...invite, addresses: Array.from({ length: 9 }, (_, i) => `net:${i}`.padEnd(60, "x")) };
    expect(decodeInvite(encodeInvite(many)).addresses).toEqual(many.addresses.slice(0, 8));
    expect(() => encodeInvite({ ...invite, addresses: ["x".repeat(61)] })).toThrow(EchoNetError);
  });

  test("EN-316 that is damaged anywhere is refused in words", () => {
    const word = encodeInvite(invite);
    for (let at = 0; at < word.length; at++) {
      for (const damaged of [
        word.slice(0, at),
        word.slice(0, at) + (word[at] === "A" ? "B" : "A") + word.slice(at + 1),
      ]) {
        expect(() => decodeInvite(damaged)).toThrow(EchoNetError);
        expect(() => decodeInvite(damaged)).toThrow(/invite/);
      }
    }
    // The first digit holds the version, which may have been mistyped like any other.
    expect(() => decodeInvite(word.replace("echo-net:A", "echo-net:B"))).toThrow(
      /is mistyped, or made by another/,
    );
    for (const text of ["", "echo-net:", "echo-net:é", "http://x", `echo-net:${"A".repeat(900)}`]) {
      expect(() => decodeInvite(text)).toThrow(/this is no invite/);
    }
  });
});
