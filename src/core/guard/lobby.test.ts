import { describe, expect, test } from "vitest";
import {
  bytesNamed,
  hostOf,
  joinerOf,
  manifest,
  meet,
  type Party,
  partyOf,
} from "../../../test/guard/lobbies.js";
import { TinyNetwork, type Weather } from "../../../test/guard/network.js";
import { seeds } from "../../../test/seeded/seeds.js";
import type { Hash } from "../base/brand.js";
import { ByteWriter } from "../base/bytes.js";
import type { EchoNetError } from "../base/errors.js";
import { HANDSHAKE_BYTES, LOBBY_SILENCE_MS } from "../wire/limits.js";
import type { HostLobby } from "./host-lobby.js";
import type { Manifest } from "./identity.js";
import { decodeInvite, encodeInvite, type Invite } from "./invite.js";
import type { MatchStart } from "./lobby.js";
import { handshakeKey, openMessage, REFUSE, REFUSE_BYTES, sealMessage } from "./messages.js";

const BAD: Weather = { loss: 0.3, duplicate: 0.2, latencyMs: 40 };

const startOf = ({ state }: Party): MatchStart => {
  expect(state.type).toBe("started");
  return (state as { start: MatchStart }).start;
};

const errorOf = ({ state }: Party): EchoNetError => {
  expect(state.type).toBe("failed");
  return (state as { error: EchoNetError }).error;
};

/** A host and joiners that bring these numbers of slots. */
function room(network: TinyNetwork, hostSlots: number, ...joinerSlots: readonly number[]): Party[] {
  const players = joinerSlots.reduce((sum, slots) => sum + slots, hostSlots);
  const transport = network.open("net:host");
  const host = hostOf(transport, { players }, hostSlots);
  return [
    partyOf(host, transport),
    ...joinerSlots.map((localSlots, i) => {
      const own = network.open(`net:joiner${i}`);
      return partyOf(joinerOf(own, host.invite, `joiner ${i}`, { localSlots }), own);
    }),
  ];
}

/** Every pair can seal to one another, and nobody else can open it. */
function expectChannels(starts: readonly MatchStart[]): void {
  const writer = new ByteWriter();
  for (const from of starts) {
    for (const to of starts) {
      if (from === to) continue;
      const channel = from.peers[to.localPeer]!.channel!;
      channel.begin(writer);
      writer.u8(42);
      const datagram = channel.finish(writer).slice();
      for (const other of starts) {
        for (const [peer, link] of other.peers.entries()) {
          if (link.channel === undefined || other === from) continue;
          const meant = other === to && peer === from.localPeer;
          if (!meant) expect(link.channel.open(datagram)).toBeDefined();
        }
      }
      expect(to.peers[from.localPeer]!.channel!.open(datagram)).toBeUndefined();
    }
  }
}

describe("a room", () => {
  test("EN-320 of 2 to 8 slots fills, and all peers find one match and a channel to each other", () => {
    const rooms = [[1, 1], [2, 2, 2], [1, 1, 1, 1, 1, 1, 1, 1], [0, 1, 3], [1, 7], [8]];
    for (const [hostSlots, ...joinerSlots] of rooms) {
      const network = new TinyNetwork(1);
      const parties = room(network, hostSlots!, ...joinerSlots);
      meet(network, parties);
      const starts = parties.map(startOf);
      for (const start of starts) expect(start.identity).toEqual(starts[0]!.identity);
      expect(starts[0]!.identity.roster.flatMap((peer) => peer.slots)).toEqual(
        Array.from({ length: starts[0]!.identity.manifest.players }, (_, slot) => slot),
      );
      expect(new Set(starts.map((start) => start.localPeer)).size).toBe(parties.length);
      for (const start of starts) {
        expect(start.peers.map(({ channel }) => channel === undefined)).toEqual(
          start.peers.map((_, peer) => peer === start.localPeer),
        );
        expect(start.peers[0]!.address).toBe("net:host");
      }
      expectChannels(starts);
    }
  });

  test("EN-321 of two needs two round trips", () => {
    const network = new TinyNetwork(1, { loss: 0, duplicate: 0, latencyMs: 0 });
    const parties = room(network, 1, 1);
    meet(network, parties);
    expect(network.sent.map(({ datagram }) => datagram[0])).toEqual([1, 2, 3, 5]);
  });

  test.each(seeds(40))("EN-322 fills in bad weather: seed %i", (seed) => {
    const network = new TinyNetwork(seed, BAD);
    const parties = room(network, 1, 1, 2, 1);
    expect(meet(network, parties)).toBeLessThan(300);
    const starts = parties.map(startOf);
    for (const start of starts) expect(start.identity).toEqual(starts[0]!.identity);
    expectChannels(starts);
  });

  test("EN-323 answers nobody with more bytes than they sent, and pads every question alike", () => {
    for (const players of [2, 8]) {
      const network = new TinyNetwork(7, BAD);
      let joiner = 0;
      const parties = room(network, 1, ...new Array<number>(players - 1).fill(1));
      meet(network, parties);
      for (const { from, to, datagram } of network.sent) {
        expect(datagram.length).toBeLessThanOrEqual(HANDSHAKE_BYTES);
        if (to === "net:host") expect(datagram.length).toBe(HANDSHAKE_BYTES);
        else expect(from).toBe("net:host");
      }
      for (; joiner < players - 1; joiner++) {
        const asked =
          network.sent.filter(({ from }) => from === `net:joiner${joiner}`).length * HANDSHAKE_BYTES;
        expect(network.bytesTo.get(`net:joiner${joiner}`)).toBeLessThanOrEqual(asked + HANDSHAKE_BYTES);
      }
    }
  });

  test("EN-324 tells a joiner that lost the roster again, also after the start", () => {
    const network = new TinyNetwork(1);
    const parties = room(network, 1, 1);
    let lost = 0;
    network.tamper = (datagram) => (datagram[0] === 5 && lost++ < 5 ? new Uint8Array(0) : datagram);
    meet(network, parties);
    expect(lost).toBe(6);
    expect(startOf(parties[0]!).identity).toEqual(startOf(parties[1]!).identity);
  });

  test("EN-325 lets a silent joiner's place go, and takes it back when it asks again", () => {
    const network = new TinyNetwork(1);
    const [host, first, second] = room(network, 1, 1, 1) as [Party, Party, Party];
    meet(network, [host, first], 10);
    expect(host.state).toEqual({ type: "waiting", present: 2, players: 3 });
    expect(first.state).toEqual({ type: "waiting", present: 2, players: 3 });
    for (let ms = 0; ms <= 3 * LOBBY_SILENCE_MS; ms += 100) {
      network.nowMs += 100;
      host.state = host.lobby.update(network.nowMs);
    }
    expect(host.state).toEqual({ type: "waiting", present: 1, players: 3 });
    first.transport.receive();
    const again = partyOf(joinerOf(first.transport, inviteOf(host), "joiner 0"), first.transport);
    meet(network, [host, again, second]);
    expect(startOf(again).identity).toEqual(startOf(host).identity);
  });

  test("EN-329 at one tick a second too who waits for others keeps its place", () => {
    const network = new TinyNetwork(1, BAD);
    const transport = network.open("net:host");
    const host = hostOf(transport, { players: 3, tickHz: 1 });
    const own = network.open("net:joiner");
    const joiner = joinerOf(own, host.invite, "joiner", { tickMs: 1_000, timeoutMs: 60_000 });
    const parties = [partyOf(host, transport), partyOf(joiner, own)];
    meet(network, parties, 120);
    for (let second = 0; second < 20; second++) {
      meet(network, parties, 60);
      expect(parties[0]!.state).toEqual({ type: "waiting", present: 2, players: 3 });
    }
  });

  test("EN-326 lets a joiner that was cut off for longer than its cookie holds go on by itself", () => {
    const network = new TinyNetwork(1);
    const [host, first, second] = room(network, 1, 1, 1) as [Party, Party, Party];
    const patient = partyOf(
      joinerOf(first.transport, inviteOf(host), "joiner 0", { timeoutMs: 120_000 }),
      first.transport,
    );
    meet(network, [host, patient], 10);
    network.nowMs += 60_000;
    host.state = host.lobby.update(network.nowMs);
    expect(host.state).toEqual({ type: "waiting", present: 1, players: 3 });
    meet(network, [host, patient, second]);
    expect(startOf(patient).identity).toEqual(startOf(host).identity);
  });

  test("EN-327 follows a joiner whose address changes before the start", () => {
    const network = new TinyNetwork(1);
    const [host, first, second] = room(network, 1, 1, 1) as [Party, Party, Party];
    meet(network, [host, first], 10);
    network.faces.set("net:joiner0", "net:elsewhere");
    meet(network, [host, first], 60);
    expect(host.state).toEqual({ type: "waiting", present: 2, players: 3 });
    meet(network, [host, first, second]);
    expect(startOf(first).identity).toEqual(startOf(host).identity);
    const start = startOf(host);
    expect(start.peers.map(({ address }) => address)).toContain("net:elsewhere");
  });
});

const KEY = handshakeKey(bytesNamed("secret", 16));

const encodeWith = (invite: string, changes: Partial<Invite>): string =>
  encodeInvite({ ...decodeInvite(invite), ...changes });

const inviteOf = (host: Party): string => (host.lobby as HostLobby).invite;

describe("a host that waits no longer", () => {
  test("EN-328 plays the slots that nobody has, and tells those who come later that the match has begun", () => {
    const network = new TinyNetwork(1);
    const transport = network.open("net:host");
    const host = hostOf(transport, { players: 4 });
    const own = network.open("net:early");
    const parties = [partyOf(host, transport), partyOf(joinerOf(own, host.invite, "early"), own)];
    meet(network, parties, 30);
    expect(parties.map(({ state }) => state)).toEqual(
      Array(2).fill({ type: "waiting", present: 2, players: 4 }),
    );
    host.takeRest();
    host.takeRest();
    meet(network, parties);
    const starts = parties.map(startOf);
    expect(starts[0]!.identity).toEqual(starts[1]!.identity);
    expect(starts[0]!.identity.roster.map(({ slots }) => slots)).toEqual([[0, 1, 2], [3]]);
    expectChannels(starts);
    const late = network.open("net:late");
    const comer = partyOf(joinerOf(late, host.invite, "late"), late);
    meet(network, [...parties, comer]);
    expect(errorOf(comer)).toMatchObject({
      code: "ROOM_FULL",
      hint: "the room is full: the match has begun",
    });
  });
});

describe("a joiner is refused in words", () => {
  /** Runs a stranger against an open room and expects the room to be as if it had never come. */
  function refusedBy(strangerOf: (network: TinyNetwork, invite: string) => Party): EchoNetError {
    const network = new TinyNetwork(1);
    const [host, joiner] = room(network, 1, 1) as [Party, Party];
    const stranger = strangerOf(network, inviteOf(host));
    meet(network, [host, stranger], 120);
    expect(host.state).toEqual({ type: "waiting", present: 1, players: 2 });
    const error = errorOf(stranger);
    const untouched = new TinyNetwork(1);
    const twins = room(untouched, 1, 1);
    meet(untouched, twins);
    meet(network, [host, joiner]);
    expect(startOf(host).identity).toEqual(startOf(twins[0]!).identity);
    return error;
  }

  test("EN-330 with the wrong secret", () => {
    const error = refusedBy((network, invite) => {
      const transport = network.open("net:stranger");
      const wrong = encodeWith(invite, { secret: bytesNamed("guess", 16) });
      return partyOf(joinerOf(transport, wrong, "stranger"), transport);
    });
    expect(error.code).toBe("TOKEN_REFUSED");
    expect(error.hint).toMatch(/does not accept the secret of this invite/);
  });

  test("EN-331 with another game, another version, other events, another mode or rate", () => {
    const cases: [Partial<Manifest>, RegExp][] = [
      [{ game: { ...manifest.game, name: "chess" } }, /game "chess" here, "balloons" there/],
      [{ game: { ...manifest.game, version: "0.9.0" } }, /game version "0.9.0" here, "1.0.0" there/],
      [{ game: { ...manifest.game, fingerprint: "cd".repeat(32) as Hash } }, /other events, effects or code/],
      [{ mode: "lockstep" }, /mode "lockstep" here, "rollback" there/],
      [
        { tickHz: 30, ticks: null },
        /ticks per second 30 here, 60 there; length in ticks without end here, 600 there/,
      ],
    ];
    for (const [changes, words] of cases) {
      const error = refusedBy((network, invite) => {
        const transport = network.open("net:stranger");
        const wanted = { game: manifest.game, ...changes };
        return partyOf(joinerOf(transport, invite, "stranger", { wanted }), transport);
      });
      expect(error.code).toBe("SESSION_MISMATCH");
      expect(error.hint).toMatch(words);
    }
  });

  test("EN-332 with an older or newer protocol", () => {
    for (const [ours, theirs, words] of [
      [0, 2, /the host speaks protocol 2 and this program protocol 1: update this program/],
      [2, 0, /the host speaks protocol 0 and this program protocol 1: update the host's program/],
    ] as const) {
      const error = refusedBy((network, invite) => {
        // Its questions say another version than the host's, and the host's refusals another than its own.
        network.tamper = (datagram, from, to) => {
          if (from === "net:stranger") datagram[5] = ours;
          if (to !== "net:stranger") return datagram;
          expect([datagram[0], datagram.length]).toEqual([REFUSE, REFUSE_BYTES]);
          const { token, body } = openMessage(KEY, datagram)!;
          return sealMessage(KEY, REFUSE, token, (writer) => writer.bytes(body), theirs);
        };
        const transport = network.open("net:stranger");
        return partyOf(joinerOf(transport, invite, "stranger"), transport);
      });
      expect(error.code).toBe("SESSION_MISMATCH");
      expect(error.hint).toMatch(words);
    }
  });

  test("EN-333 where the room is full, has begun, or has fewer slots free than are asked for", () => {
    const network = new TinyNetwork(1);
    const [host, first, second] = room(network, 1, 1, 1) as [Party, Party, Party];
    const greedyTransport = network.open("net:greedy");
    const greedy = partyOf(
      joinerOf(greedyTransport, inviteOf(host), "greedy", { localSlots: 3 }),
      greedyTransport,
    );
    meet(network, [host, first, greedy], 30);
    expect(errorOf(greedy).code).toBe("ROOM_FULL");
    expect(errorOf(greedy).hint).toMatch(/of 3 slots are taken, and 3 asked for/);
    meet(network, [host, first, second]);
    const lateTransport = network.open("net:late");
    const late = partyOf(joinerOf(lateTransport, inviteOf(host), "late"), lateTransport);
    meet(network, [host, late], 30);
    expect(errorOf(late).code).toBe("ROOM_FULL");
    expect(errorOf(late).hint).toMatch(/the match has begun/);
  });

  test("EN-333 where there are eight peers already, though not all slots are taken", () => {
    const network = new TinyNetwork(1);
    const parties = room(network, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    meet(network, parties, 60);
    expect(parties[0]!.state).toEqual({ type: "waiting", present: 7, players: 8 });
    const refused = parties.filter(({ state }) => state.type === "failed");
    expect(refused.map((party) => errorOf(party).hint)).toEqual([
      "the room is full: 7 of 8 slots are taken, and 1 asked for",
    ]);
  });

  test("EN-334 with a key that somebody in the room has", () => {
    for (const name of ["host", "joiner 0"]) {
      const network = new TinyNetwork(1);
      const [host, first] = room(network, 1, 1, 1) as [Party, Party, Party];
      meet(network, [host, first], 30);
      const transport = network.open("net:twin");
      const nonce = bytesNamed("another nonce", 16);
      const twin = partyOf(joinerOf(transport, inviteOf(host), name, { nonce }), transport);
      meet(network, [host, twin], 30);
      expect(errorOf(twin).hint).toMatch(/has the same key/);
      expect(host.state).toEqual({ type: "waiting", present: 2, players: 3 });
    }
  });

  test("EN-335 with an invite of another session that has the same secret", () => {
    const error = refusedBy((network, invite) => {
      const transport = network.open("net:stranger");
      const old = encodeWith(invite, { sessionId: "00".repeat(32) as Hash });
      return partyOf(joinerOf(transport, old, "stranger"), transport);
    });
    expect(error.code).toBe("SESSION_MISMATCH");
    expect(error.hint).toMatch(/another session/);
  });

  test("EN-336 where nobody answers, or the host falls silent", () => {
    const network = new TinyNetwork(1);
    const [host, first] = room(network, 1, 1, 1) as [Party, Party, Party];
    meet(network, [first], 600);
    expect(errorOf(first).code).toBe("NO_ROUTE");
    expect(errorOf(first).hint).toMatch(/nobody answered at net:host for 5 s/);
    const own = network.open("net:second");
    const second = partyOf(joinerOf(own, inviteOf(host), "second"), own);
    meet(network, [host, second], 30);
    meet(network, [second], 600);
    expect(errorOf(second).code).toBe("TIMED_OUT");
  });
});
