import { describe, expect, test } from "vitest";
import { VirtualNetwork } from "./virtual-network.js";

describe("a virtual network", () => {
  test("EN-851 moves datagrams only as its clock does, and shows them to a tap", () => {
    const network = new VirtualNetwork(1, "latency=20");
    const [a, b] = [network.open(), network.open()];
    const seen: string[] = [];
    network.tap = (from, to, datagram) => seen.push(`${from} ${to} ${datagram}`);
    a.send(b.address, Uint8Array.of(1, 2));
    network.advanceTo(19);
    expect([...b.receive()]).toEqual([]);
    network.advanceTo(20);
    network.advanceTo(5);
    expect(network.nowMs).toBe(20);
    expect([...b.receive()]).toEqual([{ from: "memory:0", datagram: Uint8Array.of(1, 2) }]);
    expect(seen).toEqual(["memory:0 memory:1 1,2"]);
  });

  test("EN-851 lets a test put datagrams in that nobody sent", () => {
    const network = new VirtualNetwork(1, "latency=20");
    const b = network.open();
    const forged = Uint8Array.of(9);
    network.inject("memory:7", b.address, forged);
    forged.fill(0);
    network.inject("memory:7", "memory:8", forged);
    expect([...b.receive()]).toEqual([{ from: "memory:7", datagram: Uint8Array.of(9) }]);
    expect(network.emulator.counts.sent).toBe(0);
  });
});
