import { describe, expect, test } from "vitest";
import { TinyNetwork } from "../../../test/guard/network.js";
import { MAX_DATAGRAM_BYTES, MAX_SEALED_BYTES, RELAY_HEADER_BYTES } from "./limits.js";
import { RELAYED, Relay, RelayTransport, relayAddress } from "./relay.js";
import type { Transport } from "./transport.js";

/** A relay and so many members, all of whom have been heard. */
function room(members: number): {
  network: TinyNetwork;
  relay: Relay;
  hub: Transport;
  ends: RelayTransport[];
  run(): void;
} {
  const network = new TinyNetwork(1);
  const hub = network.open("net:relay");
  const relay = new Relay(hub);
  const ends = Array.from(
    { length: members },
    (_, member) => new RelayTransport(network.open(`net:${member}`), "net:relay", member),
  );
  const run = (): void => {
    for (const received of hub.receive()) relay.handle(received);
  };
  for (const [member, end] of ends.entries()) end.send(relayAddress((member + 1) % 8), Uint8Array.of(0));
  run();
  for (const end of ends) [...end.receive()];
  relay.refusals.nobody = 0;
  return { network, relay, hub, ends, run };
}

describe("a relay", () => {
  test("EN-240 carries whole datagrams between up to eight members, and nothing else changes hands", () => {
    const { network, ends, run } = room(8);
    const longest = Uint8Array.from({ length: MAX_SEALED_BYTES }, (_, i) => i);
    expect(ends[0]!.mtu).toBe(MAX_SEALED_BYTES);
    for (const from of ends.keys()) {
      for (const to of ends.keys()) {
        if (from === to) continue;
        ends[from]!.send(relayAddress(to), longest);
        run();
        for (const [member, end] of ends.entries()) {
          const expected = member === to ? [{ from: relayAddress(from), datagram: longest }] : [];
          expect([...end.receive()]).toEqual(expected);
        }
      }
    }
    expect(network.sent.every(({ datagram }) => datagram.length <= MAX_DATAGRAM_BYTES)).toBe(true);
  });

  test("EN-241 binds a member to the address that spoke first, and an address to one member", () => {
    const { network, relay, ends, run } = room(3);
    const thief = new RelayTransport(network.open("net:thief"), "net:relay", 1);
    thief.send(relayAddress(0), Uint8Array.of(9));
    const greedy = new RelayTransport(network.open("net:0"), "net:relay", 5);
    greedy.send(relayAddress(1), Uint8Array.of(9));
    run();
    expect(relay.refusals).toEqual({ form: 0, impostor: 2, nobody: 0 });
    expect([...ends[0]!.receive()]).toEqual([]);
    relay.release(1);
    thief.send(relayAddress(0), Uint8Array.of(9));
    run();
    expect([...ends[0]!.receive()]).toEqual([{ from: "relay:1", datagram: Uint8Array.of(9) }]);
  });

  test("EN-242 refuses what is not relayed, and sends no more than came", () => {
    const { network, relay, hub, run } = room(2);
    const stranger = network.open("net:stranger");
    const before = network.bytesTo.get("net:1") ?? 0;
    const hostile = [[], [RELAYED], [RELAYED, 3], [8, 3, 1, 7], [RELAYED, 8, 1], [RELAYED, 255, 1]];
    for (const bytes of hostile) stranger.send("net:relay", Uint8Array.from(bytes));
    stranger.send("net:relay", new Uint8Array(MAX_DATAGRAM_BYTES + 1).fill(RELAYED));
    run();
    expect(relay.refusals).toEqual({ form: 7, impostor: 0, nobody: 0 });
    for (const to of [3, 7, 8, 255]) stranger.send("net:relay", Uint8Array.of(RELAYED, 3, to, 1));
    run();
    expect(relay.refusals.nobody).toBe(4);
    expect(network.bytesTo.get("net:1") ?? 0).toBe(before);
    stranger.send("net:relay", Uint8Array.of(RELAYED, 3, 1, 1));
    run();
    expect(network.bytesTo.get("net:1")).toBe(before + 4);
    expect([...hub.receive()]).toEqual([]);
  });

  test("EN-243 a member takes datagrams from its relay alone, meant for it alone", () => {
    const { network, ends } = room(2);
    const relayed = Uint8Array.of(RELAYED, 0, 1, 42);
    network.open("net:stranger").send("net:1", relayed);
    for (const bytes of [
      [RELAYED, 0, 0, 42],
      [RELAYED, 8, 1, 42],
      [RELAYED, 0],
      [8, 0, 1, 42],
    ]) {
      network.open("net:relay").send("net:1", Uint8Array.from(bytes));
    }
    expect([...ends[1]!.receive()]).toEqual([]);
    network.open("net:relay").send("net:1", relayed);
    expect([...ends[1]!.receive()]).toEqual([{ from: "relay:0", datagram: Uint8Array.of(42) }]);
  });

  test("EN-244 a member sends nothing to addresses that are none of a room's, nor what is too long", () => {
    const { network, ends } = room(2);
    const before = network.sent.length;
    for (const address of ["net:1", "relay:", "relay:8", "relay:-1", "relay:1.0", "relay:01", "relay:x"]) {
      ends[0]!.send(address, Uint8Array.of(1));
    }
    ends[0]!.send("relay:1", new Uint8Array(MAX_DATAGRAM_BYTES - RELAY_HEADER_BYTES + 1));
    expect(network.sent.length).toBe(before);
  });
});
