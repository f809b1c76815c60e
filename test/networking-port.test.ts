import { describe, expect, test } from "vitest";
import { asSlot, chronosTick } from "../src/core/base/brand.js";
import { encode } from "../src/core/envelope/codec.js";
import type { EventEnvelope } from "../src/core/envelope/event-envelope.js";
import { HostLobby } from "../src/core/guard/host-lobby.js";
import { JoinLobby } from "../src/core/guard/join-lobby.js";
import type { Lobby, MatchStart } from "../src/core/guard/lobby.js";
import type { NetworkingPort } from "../src/core/session/ports.js";
import { ReplicatedPort } from "../src/core/session/replicated-port.js";
import { MAX_SLOT_TICK_EVENTS } from "../src/core/wire/limits.js";
import { manifestOf } from "../src/match/opening.js";
import { bestCryptoEngine } from "../src/platform/crypto.js";
import { seededBytes } from "../src/testing/match-options.js";
import { VirtualNetwork } from "../src/testing/virtual-network.js";
import { pads, restless } from "./games/pads.js";

const FRAME_MS = 1000 / 60;
const PEERS = 3;
const LAST_TICK = 300;

/** Lets three peers meet over a bad network and gives each its start. */
function meet(network: VirtualNetwork): readonly { start: MatchStart; port: ReplicatedPort }[] {
  const crypto = bestCryptoEngine();
  const ends = Array.from({ length: PEERS }, () => network.open());
  let invite = "";
  const lobbies = ends.map((transport, peer): Lobby => {
    const secretKey = seededBytes(1, "key", peer);
    const nonce = seededBytes(1, "nonce", peer).subarray(0, 16);
    const common = { secretKey, nonce, localSlots: 1, transport, crypto, tickMs: FRAME_MS };
    if (peer > 0) return new JoinLobby({ ...common, invite, wanted: { game: pads }, timeoutMs: 60_000 });
    const secret = seededBytes(1, "invite").subarray(0, 16);
    const host = new HostLobby({ ...common, manifest: manifestOf(pads, { players: PEERS }), secret });
    invite = host.invite;
    return host;
  });
  const starts = new Map<number, MatchStart>();
  while (starts.size < PEERS) {
    network.advanceTo(network.nowMs + FRAME_MS);
    lobbies.forEach((lobby, peer) => {
      for (const received of ends[peer]!.receive()) lobby.handle(received, network.nowMs);
      const state = lobby.update(network.nowMs);
      if (state.type === "failed") throw state.error;
      if (state.type === "started") starts.set(peer, state.start);
    });
    expect(network.nowMs).toBeLessThan(60_000);
  }
  return ends.map((transport, peer) => {
    const start = starts.get(peer)!;
    return { start, port: new ReplicatedPort(pads.catalog, start, transport) };
  });
}

/** An engine in a dozen lines: lockstep over nothing but the seed's port. */
class TinyEngine {
  readonly slot: number;
  tick = 0;
  readonly history: string[] = [];
  readonly seen: EventEnvelope[] = [];
  readonly #port: NetworkingPort;
  readonly #waiting = new Map<number, EventEnvelope[]>();
  #sent = 0;
  readonly #make: (tick: number, slot: number) => EventEnvelope;

  constructor(port: NetworkingPort, slot: number, make: (tick: number, slot: number) => EventEnvelope) {
    this.#port = port;
    this.slot = slot;
    this.#make = make;
  }

  frame(): void {
    for (const evt of this.#port.receive()) this.#keep(evt);
    // One event a tick; the next one seals the tick before.
    if (this.#sent < Math.min(this.tick + 8, LAST_TICK + 1)) {
      this.#sent++;
      const evt = this.#make(this.#sent, this.slot);
      this.#port.send(evt);
      this.#keep(evt);
    }
    while (this.tick < this.#port.syncClock()) {
      this.tick++;
      const events = this.#waiting.get(this.tick) ?? [];
      events.sort((a, b) => a.slot - b.slot || a.id - b.id);
      this.history.push(events.map((evt) => evt.envelopeHash).join(" "));
    }
  }

  #keep(evt: EventEnvelope): void {
    this.seen.push(evt);
    this.#waiting.set(evt.chronos, [...(this.#waiting.get(evt.chronos) ?? []), evt]);
  }
}

describe("the seed's port", () => {
  test("EN-526 drives a match by itself, over a network that loses, doubles and reorders", () => {
    const network = new VirtualNetwork(526, "latency=30,jitter=25,loss=0.2,duplicate=0.2,reorder=0.2");
    const peers = meet(network);
    const { kairos } = peers[0]!.start.identity;
    const make = (tick: number, slot: number): EventEnvelope =>
      pads.catalog.envelope(
        pads.catalog.pack("hold", { x: restless(slot, tick).x }, chronosTick(tick)),
        0,
        chronosTick(tick),
        kairos,
        asSlot(slot),
      );
    const engines = peers.map(({ start, port }) => {
      const slot = start.identity.roster[start.localPeer]!.slots[0]!;
      return new TinyEngine(port, slot, make);
    });
    for (let frame = 0; frame < 5_000 && engines.some((engine) => engine.tick < LAST_TICK); frame++) {
      network.advanceTo(network.nowMs + FRAME_MS);
      peers.forEach(({ port }, i) => {
        port.pump(network.nowMs);
        engines[i]!.frame();
      });
    }

    const [first, ...others] = engines.map((engine) => engine.history.slice(0, LAST_TICK));
    expect(first!.length).toBe(LAST_TICK);
    for (const other of others) expect(other).toEqual(first);
    for (const line of first!) expect(line.split(" ").length).toBe(PEERS);

    for (const engine of engines) {
      for (const evt of engine.seen) {
        const { id, kind, chronos, author, payload } = evt;
        const canonical = encode({ id, kind, chronos, kairos, author, payload });
        expect(pads.catalog.canonicalBytes(evt)).toEqual(canonical);
        expect(canonical).toEqual(pads.catalog.canonicalBytes(make(chronos, evt.slot)));
      }
    }
    const stats = peers.flatMap(({ port }) => port.links());
    expect(stats.every((link) => link.longestDatagramBytes <= 1200 && link.datagramsReceived > 0)).toBe(true);
  });

  test("EN-526 refuses what is sealed, what is not ours and ids out of order, and changes nothing", () => {
    const network = new VirtualNetwork(527);
    const [{ start, port }] = meet(network) as [{ start: MatchStart; port: ReplicatedPort }];
    const { kairos } = start.identity;
    const own = start.identity.roster[start.localPeer]!.slots[0]!;
    const make = (slot: number, tick: number, id: number): EventEnvelope =>
      pads.catalog.envelope(
        pads.catalog.pack("hold", { x: 1 }, chronosTick(tick)),
        id,
        chronosTick(tick),
        kairos,
        asSlot(slot),
      );
    port.send(make(own, 3, 0));
    expect(port.sealedBy(own)).toBe(2);
    expect(() => port.send(make(own, 2, 0))).toThrow(/sealed/);
    expect(() => port.send(make((own + 1) % PEERS, 3, 0))).toThrow(/not played by this peer/);
    expect(() => port.send(make(own, 3, 5))).toThrow(/id 1, not 5/);
    expect(port.sealedBy(own)).toBe(2);
    expect(port.syncClock()).toBe(0);
  });

  test("EN-526 refuses what a tick cannot carry, and carries what it can", () => {
    const network = new VirtualNetwork(528, "good");
    const peers = meet(network);
    const [{ start, port }] = peers as [{ start: MatchStart; port: ReplicatedPort }];
    const own = start.identity.roster[start.localPeer]!.slots[0]!;
    const make = (tick: number, id: number): EventEnvelope =>
      pads.catalog.envelope(
        pads.catalog.pack("hold", { x: id % 128 }, chronosTick(tick)),
        id,
        chronosTick(tick),
        start.identity.kairos,
        own,
      );
    for (let id = 0; id < MAX_SLOT_TICK_EVENTS; id++) port.send(make(1, id));
    expect(() => port.send(make(1, MAX_SLOT_TICK_EVENTS))).toThrow(
      /at most 256 events .* the rest in tick 2/,
    );
    expect(() => port.send(make(5, 1))).toThrow(/id 0, not 1/);
    expect(port.sealedBy(own)).toBe(0);
    for (const peer of peers) peer.port.seal(chronosTick(1));
    for (let frame = 0; frame < 600 && peers[1]!.port.syncClock() < 1; frame++) {
      network.advanceTo(network.nowMs + FRAME_MS);
      for (const peer of peers) peer.port.pump(network.nowMs);
    }
    expect(peers[1]!.port.receive().length).toBe(MAX_SLOT_TICK_EVENTS);
  });
});
