import { describe, expect, test } from "vitest";
import {
  bytesNamed,
  crypto,
  joinerOf,
  manifest,
  meet,
  type Party,
  partyOf,
  TICK_MS,
} from "../../../test/guard/lobbies.js";
import { TinyNetwork, type Weather } from "../../../test/guard/network.js";
import { seeds } from "../../../test/seeded/seeds.js";
import { type ByteWriter, equalBytes } from "../base/bytes.js";
import { EchoNetError } from "../base/errors.js";
import { domainHash } from "../base/hash.js";
import { Xoshiro128 } from "../base/prng.js";
import { fingerprintOfBundle } from "../bundle/game-bundle.js";
import { MAX_BUNDLE_BYTES } from "../bundle/limits.js";
import {
  BUNDLE_PART_BYTES,
  FETCH_MS,
  HANDSHAKE_BYTES,
  MAX_PARTS_PER_ADDRESS,
  MAX_PARTS_PER_UPDATE,
} from "../wire/limits.js";
import type { ApproachOptions } from "./approach.js";
import { writeFetch } from "./bundle-desk.js";
import { BundleFetch, type FetchState } from "./bundle-fetch.js";
import { COOKIE_BYTES, CookieJar } from "./cookie.js";
import { HostLobby } from "./host-lobby.js";
import type { Manifest } from "./identity.js";
import { decodeInvite, encodeInvite } from "./invite.js";
import type { LobbyState } from "./lobby.js";
import { CHALLENGE, FETCH, handshakeKey, openMessage, PART, REFUSE, sealMessage } from "./messages.js";

const KEY = handshakeKey(bytesNamed("secret", 16));
const BAD: Weather = { loss: 0.3, duplicate: 0.2, latencyMs: 30 };
const random = new Xoshiro128(bytesNamed("content"));

/** As many bytes, no two parts of which are alike. */
function content(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.int(256));
}

interface Scene {
  readonly network: TinyNetwork;
  readonly host: HostLobby;
  readonly fetch: BundleFetch;
  /** Runs both until the fetch has ended or the time is over; the ticks that it took. */
  run(maxTicks?: number): number;
  state: FetchState;
}

/** A host of a game with this bundle, and a joiner that has the invite alone. */
function scene(
  bundle: Uint8Array | undefined,
  weather?: Weather,
  changes: Partial<ApproachOptions> = {},
  seed = 1,
): Scene {
  const network = new TinyNetwork(seed, weather);
  const own = network.open("net:host");
  const game =
    bundle === undefined ? manifest.game : { ...manifest.game, fingerprint: fingerprintOfBundle(bundle) };
  const host = hostWith(own, bundle, { ...manifest, game, players: 3 });
  const transport = network.open("net:joiner");
  const fetch = new BundleFetch({
    ...{ invite: host.invite, nonce: bytesNamed("token", 16), localSlots: 1, transport },
    ...{ tickMs: TICK_MS, timeoutMs: 5_000, wanted: {}, ...changes },
  });
  const parts: Scene = {
    network,
    host,
    fetch,
    state: fetch.update(0),
    run(maxTicks = 3_000) {
      for (let tick = 0; tick < maxTicks; tick++) {
        for (const received of own.receive()) host.handle(received, network.nowMs);
        host.update(network.nowMs);
        for (const received of transport.receive()) fetch.handle(received, network.nowMs);
        parts.state = fetch.update(network.nowMs);
        if (parts.state.type !== "fetching") return tick;
        network.nowMs += TICK_MS;
      }
      return maxTicks;
    },
  };
  return parts;
}

const hostWith = (transport: ApproachOptions["transport"], bundle: Uint8Array | undefined, terms: Manifest) =>
  new HostLobby({
    ...{ manifest: terms, bundle, transport, crypto, tickMs: TICK_MS, localSlots: 1 },
    secretKey: bytesNamed("host"),
    nonce: bytesNamed("session", 16),
    secret: bytesNamed("secret", 16),
  });

/** What was fetched, which must be this. */
function expectFetched({ state }: Scene, bundle: Uint8Array): void {
  if (state.type !== "fetched")
    throw new Error(state.type === "failed" ? state.error.hint : "still fetching");
  expect(equalBytes(state.bundle, bundle)).toBe(true);
  expect(state.manifest.game.fingerprint).toBe(fingerprintOfBundle(bundle));
}

/** Who has fetched the game and a third player join the host, among `others`: where the three lobbies end. */
function filled({ network, host }: Scene, bundle: Uint8Array, others: readonly Party[] = []): string[] {
  const game = { ...manifest.game, fingerprint: fingerprintOfBundle(bundle) };
  const players = ["joiner", "third"].map((name) => {
    const transport = network.open(`net:${name}`);
    return partyOf(joinerOf(transport, host.invite, name, { wanted: { game } }), transport);
  });
  const parties = [partyOf(host, network.open("net:host")), ...players];
  meet(network, [...parties, ...others]);
  return parties.map(({ state }) => state.type);
}

const failureOf = ({ state }: Scene): string =>
  state.type === "failed" ? `${state.error.code}: ${state.error.hint}` : state.type;

/** Lets one PART pass in so many milliseconds. */
function slow(network: TinyNetwork, everyMs: number): void {
  let nextMs = 0;
  network.tamper = (datagram, from) => {
    if (from !== "net:host" || datagram[0] !== PART) return datagram;
    if (network.nowMs < nextMs) return new Uint8Array(1);
    nextMs = network.nowMs + everyMs;
    return datagram;
  };
}

/** Lets a host say something else in its PARTs, with a tag that holds. */
function lies(
  network: TinyNetwork,
  lie: (
    part: number,
    total: number,
    bytes: Uint8Array,
    write: (part: number, total: number, bytes: Uint8Array) => Uint8Array,
  ) => Uint8Array,
): void {
  network.tamper = (datagram, from) => {
    if (from !== "net:host" || datagram[0] !== PART) return datagram;
    const { token, body } = openMessage(KEY, datagram)!;
    const view = new DataView(body.buffer, body.byteOffset);
    return lie(view.getUint16(0, true), view.getUint32(2, true), body.slice(6), (part, total, bytes) =>
      sealMessage(KEY, PART, token, (writer: ByteWriter) => {
        writer.u16(part);
        writer.u32(total);
        writer.bytes(bytes);
      }),
    );
  };
}

describe("a joiner with nothing but the invite", () => {
  test.each([1, BUNDLE_PART_BYTES, BUNDLE_PART_BYTES + 1, 100_000, MAX_BUNDLE_BYTES])(
    "EN-370 fetches a game of %i bytes, and takes its place afterwards",
    (length) => {
      const bundle = content(length);
      const match = scene(bundle);
      match.run();
      expectFetched(match, bundle);
      expect(filled(match, bundle)).toEqual(["started", "started", "started"]);
    },
  );

  test.each(seeds(20))("EN-370 fetches it in bad weather: seed %i", (seed) => {
    const bundle = content(60_000 + seed);
    const match = scene(bundle, BAD, {}, seed);
    expect(match.run()).toBeLessThan(1_500);
    expectFetched(match, bundle);
  });

  test.each([29, 236, 793])("EN-376 asks often for the last parts: seed %i", (seed) => {
    const bundle = content(60_000 + seed);
    const match = scene(bundle, BAD, {}, seed);
    match.run();
    expectFetched(match, bundle);
  });

  test("EN-370 tells how far it is, and never says less than before", () => {
    const bundle = content(50_000);
    const match = scene(bundle, { ...BAD, latencyMs: 60 });
    const told: number[] = [];
    while (match.state.type === "fetching") {
      told.push(match.state.receivedBytes);
      if (match.state.receivedBytes > 0) expect(match.state.totalBytes).toBe(50_000);
      match.run(1);
    }
    expect(told).toEqual([...told].sort((a, b) => a - b));
    expect(new Set(told).size).toBeGreaterThan(5);
  });

  test("EN-371 asks in questions of 1,197 bytes, and gets no answer that is longer", () => {
    const match = scene(content(MAX_BUNDLE_BYTES), { loss: 0.1, duplicate: 0, latencyMs: 10 });
    match.run();
    expect(match.state.type).toBe("fetched");
    const sizes = new Map<string, Set<number>>();
    for (const { to, datagram } of match.network.sent) {
      const sent = sizes.get(to) ?? new Set();
      sizes.set(to, sent.add(datagram.length));
    }
    expect([...sizes.get("net:host")!]).toEqual([HANDSHAKE_BYTES]);
    expect(Math.max(...sizes.get("net:joiner")!)).toBe(HANDSHAKE_BYTES);
    const { bytesTo } = match.network;
    expect(bytesTo.get("net:joiner")!).toBeLessThan(bytesTo.get("net:host")!);
  });

  test.each([
    ["short round trips", { loss: 0, duplicate: 0, latencyMs: 10 }, 2_000, 1.1],
    ["round trips of 1 to 3 s", { loss: 0, duplicate: 0, latencyMs: 500 }, 20_000, 3],
    ["30 % loss each way", { loss: 0.3, duplicate: 0, latencyMs: 30 }, 5_000, 2.5],
  ] as const)(
    "EN-376 asks for little more than it needs, and is soon done, with %s",
    (_, weather, ms, times) => {
      const bundle = content(60_000);
      const match = scene(bundle, weather, { timeoutMs: 10_000 }, 3);
      match.run();
      expectFetched(match, bundle);
      expect(match.network.nowMs).toBeLessThan(ms);
      const asked = match.network.sent.filter(({ datagram }) => datagram[0] === FETCH).length;
      expect(asked).toBeLessThan(times * Math.ceil(60_000 / BUNDLE_PART_BYTES));
    },
  );

  test("EN-372 goes on by itself where its cookie no longer holds", () => {
    const bundle = content(100_000);
    const match = scene(bundle);
    slow(match.network, 300);
    match.run(6_000);
    expectFetched(match, bundle);
    expect(match.network.nowMs).toBeGreaterThan(20_000);
    const challenges = match.network.sent.filter(({ datagram }) => datagram[0] === CHALLENGE);
    expect(new Set(challenges.map(({ datagram }) => datagram.slice(23, 27).join())).size).toBeGreaterThan(1);
  });

  test("EN-373 is refused in words where the game does not come with the invite, or another match is wanted", () => {
    const none = scene(undefined);
    none.run();
    expect(failureOf(none)).toMatch(/^INPUT_INVALID: the host's game does not come with its invite, as none/);
    const other = scene(content(10), undefined, { wanted: { mode: "lockstep" } });
    other.run();
    expect(failureOf(other)).toBe(
      'SESSION_MISMATCH: the host plays something else: mode "lockstep" here, "rollback" there',
    );
    expect(other.network.sent.some(({ datagram }) => datagram[0] === FETCH)).toBe(false);
  });

  test("EN-373 is refused in words where the match has begun, the secret is wrong or the session another", () => {
    const bundle = content(2_000);
    const begun = scene(bundle);
    begun.host.takeRest();
    begun.run();
    expect(failureOf(begun)).toBe("ROOM_FULL: the room is full: the match has begun");
    const { invite } = scene(bundle).host;
    const wrong = encodeInvite({ ...decodeInvite(invite), secret: bytesNamed("other", 16) });
    const stranger = scene(bundle, undefined, { invite: wrong });
    stranger.run();
    expect(failureOf(stranger)).toMatch(/^TOKEN_REFUSED: the host does not accept the secret/);
    const another = encodeInvite({ ...decodeInvite(invite), sessionId: fingerprintOfBundle(bundle) });
    const lost = scene(bundle, undefined, { invite: another });
    lost.run();
    expect(failureOf(lost)).toMatch(/^SESSION_MISMATCH: the host has opened another session/);
  });

  test("EN-373 that is half-way is refused in words when the match begins without it", () => {
    const match = scene(content(MAX_BUNDLE_BYTES));
    match.run(20);
    expect(match.state).toMatchObject({ type: "fetching", totalBytes: MAX_BUNDLE_BYTES });
    match.host.takeRest();
    match.run();
    expect(failureOf(match)).toBe("ROOM_FULL: the room is full: the match has begun");
  });
});

describe("a joiner of a hostile host", () => {
  const bundle = content(40_000);

  test("EN-374 refuses what is not the invite's game, be it one bit", () => {
    const match = scene(bundle);
    lies(match.network, (part, total, bytes, write) => {
      if (part === 17) bytes[3]! ^= 4;
      return write(part, total, bytes);
    });
    match.run();
    expect(failureOf(match)).toBe("SESSION_MISMATCH: what the host sent is not the game of its invite");
  });

  test.each([
    [0, "SESSION_MISMATCH: the host offers a game of 0 bytes, and 1048576 are allowed"],
    [
      MAX_BUNDLE_BYTES + 1,
      "SESSION_MISMATCH: the host offers a game of 1048577 bytes, and 1048576 are allowed",
    ],
    [0xffff_ffff, "SESSION_MISMATCH: the host offers a game of 4294967295 bytes, and 1048576 are allowed"],
  ])("EN-374 refuses a game of %i bytes before it makes room for it", (total, words) => {
    const match = scene(bundle);
    lies(match.network, (part, _, bytes, write) => write(part, total, bytes));
    match.run();
    expect(failureOf(match)).toBe(words);
  });

  test("EN-374 refuses a length that changes on the way", () => {
    const match = scene(bundle);
    lies(match.network, (part, total, bytes, write) => write(part, part === 9 ? total + 1 : total, bytes));
    match.run();
    expect(failureOf(match)).toBe(
      "SESSION_MISMATCH: the host changes the length of its game while it sends it",
    );
  });

  test("EN-374 is not kept by parts of another length, or that nobody asked for", () => {
    for (const lie of ["short", "long", "unasked"]) {
      const match = scene(bundle);
      lies(match.network, (part, total, bytes, write) => {
        if (part === 0) return write(part, total, bytes);
        if (lie === "unasked") return write(40_000, total, bytes);
        if (lie === "short") return write(part, total, bytes.slice(1));
        return write(part, total, bytes.length < BUNDLE_PART_BYTES ? Uint8Array.of(...bytes, 0) : bytes);
      });
      match.run();
      expect(failureOf(match), lie).toBe("TIMED_OUT: the host has said nothing for 5 s");
      expect(match.network.nowMs).toBeLessThan(7_000);
    }
  });

  test("EN-374 is not kept by one that repeats itself without end, or falls silent half-way", () => {
    const repeating = scene(bundle);
    lies(repeating.network, (part, total, bytes, write) => write(part % 5, total, bytes));
    repeating.run();
    expect(failureOf(repeating)).toBe("TIMED_OUT: the host has said nothing for 5 s");
    const silent = scene(bundle);
    let parts = 0;
    silent.network.tamper = (datagram, from) =>
      from === "net:host" && datagram[0] === PART && ++parts > 20 ? new Uint8Array(1) : datagram;
    silent.run();
    expect(failureOf(silent)).toBe("TIMED_OUT: the host has said nothing for 5 s");
  });

  test("EN-374 gives up one that is too slow, whatever it sends", () => {
    const match = scene(content(MAX_BUNDLE_BYTES), undefined, { timeoutMs: 30_000 });
    slow(match.network, 2_000);
    match.run(30_000);
    expect(failureOf(match)).toBe(
      `TIMED_OUT: the game has not come from the host within ${FETCH_MS / 1000} s`,
    );
  });

  test("EN-374 throws for no answer whatever", () => {
    const mutants = new Xoshiro128(bytesNamed("mutants"));
    let ended = 0;
    for (let round = 0; round < 300; round++) {
      const match = scene(content(6_000));
      match.network.tamper = (datagram, from) => {
        if (from !== "net:host" || datagram[0] === REFUSE || mutants.int(3) > 0) return datagram;
        const { type, token, body } = openMessage(KEY, datagram)!;
        const changed = body.slice(0, mutants.int(4) === 0 ? mutants.int(body.length + 1) : body.length);
        for (let i = mutants.int(3); i > 0 && changed.length > 0; i--) {
          changed[mutants.int(Math.min(changed.length, mutants.int(2) === 0 ? 6 : 1_200))]! =
            mutants.int(256);
        }
        return sealMessage(KEY, type, token, (writer) => writer.bytes(changed));
      };
      match.run(600);
      if (match.state.type !== "fetching") ended++;
    }
    expect(ended).toBe(300);
  });
});

describe("a host", () => {
  const cookies = new CookieJar(domainHash("cookie-root", bytesNamed("host"), bytesNamed("session", 16)));
  const token = bytesNamed("flood", 16);
  const question = (part: number, cookie: Uint8Array): Uint8Array =>
    sealMessage(KEY, FETCH, token, (writer) => writeFetch(writer, { cookie, part }));

  test("EN-375 sends nothing of its game to an address that is not proven", () => {
    const { host, network } = scene(content(20_000));
    network.sent.length = 0;
    for (const cookie of [new Uint8Array(COOKIE_BYTES), cookies.bake("net:other", token, 0)]) {
      host.handle({ from: "net:victim", datagram: question(0, cookie) }, 0);
    }
    expect(network.sent.map(({ datagram }) => datagram[0])).toEqual([CHALLENGE, CHALLENGE]);
    expect(host.refusals.cookie).toBe(2);
    host.handle({ from: "net:victim", datagram: question(0, cookies.bake("net:victim", token, 0)) }, 0);
    expect(network.sent.at(-1)!.datagram[0]).toBe(PART);
  });

  test("EN-375 sends so many parts between two updates, and so many of them to one address", () => {
    const { host, network } = scene(content(100_000));
    for (let update = 0; update < 3; update++) {
      host.update(0);
      network.sent.length = 0;
      for (const from of ["net:a", "net:b", "net:c"]) {
        const cookie = cookies.bake(from, token, 0);
        for (let i = 0; i < 1_000; i++) host.handle({ from, datagram: question(i % 87, cookie) }, 0);
      }
      const to = (address: string): number => network.sent.filter((one) => one.to === address).length;
      expect([to("net:a"), to("net:b")]).toEqual([MAX_PARTS_PER_ADDRESS, MAX_PARTS_PER_ADDRESS]);
      expect(network.sent).toHaveLength(MAX_PARTS_PER_UPDATE);
    }
    expect(host.refusals.busy).toBe(3 * (3_000 - MAX_PARTS_PER_UPDATE));
  });

  test("EN-375 answers no part that there is not, and no question of another length", () => {
    const { host, network } = scene(content(3_000));
    const cookie = cookies.bake("net:a", token, 0);
    network.sent.length = 0;
    for (const part of [3, 4, 0xffff]) host.handle({ from: "net:a", datagram: question(part, cookie) }, 0);
    host.handle({ from: "net:a", datagram: question(0, cookie).slice(0, 500) }, 0);
    expect(network.sent).toEqual([]);
    expect(host.refusals.form).toBe(4);
  });

  test("EN-375 that is flooded with questions still serves who asks fairly, and fills its room", () => {
    const bundle = content(200_000);
    const match = scene(bundle);
    const cookie = cookies.bake("net:flood", token, 0);
    const transport = match.network.open("net:flood");
    const state = { type: "failed", error: new EchoNetError("TIMED_OUT", "a flood never joins") } as const;
    const flood = (): LobbyState => {
      for (let i = 0; i < 100; i++) transport.send("net:host", question(i, cookie));
      return state;
    };
    for (let tick = 0; tick < 2_000 && match.state.type === "fetching"; tick++) {
      flood();
      match.run(1);
      match.network.sent.length = 0;
    }
    expectFetched(match, bundle);
    expect(match.host.refusals.busy).toBeGreaterThan(1_000);
    const flooder = partyOf({ handle() {}, update: flood }, transport);
    expect(filled(match, bundle, [flooder])).toEqual(["started", "started", "started"]);
  });
});
