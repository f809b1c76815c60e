import { describe, expect, test } from "vitest";
import { RECEIVE_QUEUE_DATAGRAMS } from "../receive-queue.js";
import { MemoryNetwork, memory } from "./index.js";

describe("memory", () => {
  test("EN-802 what cannot be sent is counted and never throws", () => {
    const network = new MemoryNetwork();
    const end = network.open();
    end.send("memory:9", new Uint8Array(5));
    end.send("memory:9", new Uint8Array(end.mtu + 1));
    end.close();
    end.send("memory:9", new Uint8Array(5));
    expect(end.counts).toEqual({ sent: 1, received: 0, refused: 2, dropped: 0, failed: 0 });
  });

  test("EN-803 a full receive queue keeps what came first and counts the rest", () => {
    const network = new MemoryNetwork();
    const [a, b] = [network.open(), network.open()];
    for (let i = 0; i < RECEIVE_QUEUE_DATAGRAMS + 3; i++) a.send(b.address, Uint8Array.of(i & 0xff, i >> 8));
    expect(b.counts).toMatchObject({ received: RECEIVE_QUEUE_DATAGRAMS, dropped: 3 });
    expect([...b.receive()].map(({ datagram }) => datagram[0]! + datagram[1]! * 256)).toEqual(
      Array.from({ length: RECEIVE_QUEUE_DATAGRAMS }, (_, i) => i),
    );
    a.send(b.address, Uint8Array.of(1));
    expect([...b.receive()]).toHaveLength(1);
  });

  test("EN-807 the first option hosts; the others wait for its invite and join", async () => {
    const network = new MemoryNetwork();
    const [host, ...guests] = [memory(network), memory(network), memory(network)];
    expect([host, ...guests].map((option) => option!.role)).toEqual(["host", "join", "join"]);
    const opening = Promise.all(guests.map((guest) => guest.open()));
    const hostEnd = await host!.open();
    expect(guests.map((guest) => guest.invite)).toEqual([undefined, undefined]);
    host!.announce!("echo-net:word");
    const ends = await opening;
    expect(guests.map((guest) => guest.invite)).toEqual(["echo-net:word", "echo-net:word"]);
    ends[0]!.send(hostEnd.addresses[0]!, Uint8Array.of(1));
    expect([...hostEnd.receive()]).toEqual([{ from: ends[0]!.addresses[0], datagram: Uint8Array.of(1) }]);
  });

  test("EN-807 options of different networks do not meet", () => {
    expect(memory(new MemoryNetwork()).role).toBe("host");
    expect(memory(new MemoryNetwork()).role).toBe("host");
  });
});
