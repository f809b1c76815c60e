import { describe, expect, test } from "vitest";
import { EchoNetError } from "../core/base/errors.js";
import { MemoryNetwork, memory } from "../transports/memory/index.js";
import { RECEIVE_QUEUE_BYTES, RECEIVE_QUEUE_DATAGRAMS } from "../transports/receive-queue.js";
import { transportConformance } from "./conformance.js";
import { emulated } from "./emulated.js";

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("EN-801 a transport behind an emulated network conforms", () => {
  const network = new MemoryNetwork();
  const door = memory(network);
  const suite = transportConformance({
    open: async () => {
      door.announce?.("echo-net:word");
      return await emulated(memory(network), "latency=1,jitter=1,loss=0.05").open();
    },
    settle: () => pause(4),
    nobody: ["memory:9999"],
    receiveLimit: { datagrams: RECEIVE_QUEUE_DATAGRAMS, bytes: RECEIVE_QUEUE_BYTES },
  });
  for (const { name, run } of suite) test(name, run);
});

describe("emulated", () => {
  test("EN-853 what an end sends is treated as its network says, which can change meanwhile", async () => {
    const network = new MemoryNetwork();
    const option = emulated(memory(network), "perfect", 7);
    const [a, b] = [await option.open(), network.open()];
    const send = (count: number): void => {
      for (let i = 0; i < count; i++) a.send(b.address, Uint8Array.of(i));
    };
    send(5);
    expect([...b.receive()]).toHaveLength(5);
    option.setNet({ loss: 1 });
    send(50);
    option.setNet("latency=30");
    const sentMs = performance.now();
    send(3);
    expect([...b.receive()]).toEqual([]);
    while (option.emulator.inFlight > 0) await pause(1);
    expect(performance.now() - sentMs).toBeGreaterThanOrEqual(30);
    expect([...b.receive()]).toHaveLength(3);
    expect(option.emulator.counts).toMatchObject({ sent: 58, lost: 50, delivered: 8 });
    expect(option.net.latencyMs).toBe(30);
    expect(() => option.setNet("loss=2")).toThrow(EchoNetError);
  });

  test("EN-853 what is under way when an end closes still arrives", async () => {
    const network = new MemoryNetwork();
    const option = emulated(memory(network), "latency=20");
    const [a, b] = [await option.open(), network.open()];
    a.send(b.address, Uint8Array.of(1));
    a.close();
    a.send(b.address, Uint8Array.of(2));
    while (option.emulator.inFlight > 0) await pause(1);
    expect(Array.from(b.receive(), ({ datagram }) => [...datagram])).toEqual([[1]]);
  });

  test("EN-853 role, invite and announcement are those of the transport behind", async () => {
    const network = new MemoryNetwork();
    const [host, guest] = [emulated(memory(network), "lan"), emulated(memory(network), "lan")];
    expect([host.role, guest.role]).toEqual(["host", "join"]);
    const opening = guest.open();
    host.announce?.("echo-net:word");
    await opening;
    expect(guest.invite).toBe("echo-net:word");
    expect(guest.diagnose?.()).toEqual([]);
    expect(() => emulated(host, "nowhere")).toThrow(EchoNetError);
  });
});
