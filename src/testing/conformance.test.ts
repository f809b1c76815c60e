import { describe, expect, test } from "vitest";
import type { Transport } from "../core/wire/transport.js";
import { MemoryNetwork } from "../transports/memory/network.js";
import { RECEIVE_QUEUE_BYTES, RECEIVE_QUEUE_DATAGRAMS } from "../transports/receive-queue.js";
import { UdpTransport } from "../transports/udp/transport.js";
import { type TransportHarness, transportConformance } from "./conformance.js";
import { VirtualNetwork } from "./virtual-network.js";

const receiveLimit = { datagrams: RECEIVE_QUEUE_DATAGRAMS, bytes: RECEIVE_QUEUE_BYTES };
const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4));

function memoryHarness(): TransportHarness {
  const network = new MemoryNetwork();
  return { open: () => network.open(), settle: () => {}, nobody: ["memory:99"], receiveLimit };
}

function virtualHarness(net: string): TransportHarness {
  const network = new VirtualNetwork(1, net);
  const settle = (): void => network.advanceTo(network.nowMs + 300);
  return { open: () => network.open(), settle, nobody: ["memory:99"], receiveLimit };
}

const udpHarness = (bind: string, nobody: string): TransportHarness => ({
  open: () => UdpTransport.open({ bind }),
  settle: shortly,
  nobody: [nobody],
  receiveLimit,
});

describe.each([
  ["memory", memoryHarness()],
  ["virtual network, perfect", virtualHarness("perfect")],
  ["virtual network, mobile", virtualHarness("mobile")],
  ["udp over IPv4", udpHarness("127.0.0.1", "udp:127.0.0.1:9")],
  ["udp over IPv6", udpHarness("::1", "udp:[::1]:9")],
])("EN-801 %s conforms", (_, harness) => {
  for (const { name, run } of transportConformance(harness)) test(name, run);
});

describe("EN-801 the suite refuses a transport that", () => {
  /** What the suite says of a memory transport that is broken in one way. */
  async function verdict(spoil: (end: Transport) => Partial<Transport>): Promise<string[]> {
    const sound = memoryHarness();
    const harness: TransportHarness = {
      ...sound,
      open: async () => {
        const end = await sound.open();
        const whole: Transport = {
          mtu: end.mtu,
          secure: end.secure,
          addresses: end.addresses,
          send: (to, datagram) => end.send(to, datagram),
          receive: () => end.receive(),
          close: () => end.close(),
        };
        return { ...whole, ...spoil(end) };
      },
    };
    const broken: string[] = [];
    for (const { name, run } of transportConformance(harness)) {
      await run().catch(() => broken.push(name));
    }
    return broken;
  }

  test("is sound: nothing", async () => {
    expect(await verdict(() => ({}))).toEqual([]);
  });

  test("has a small mtu", async () => {
    expect(await verdict(() => ({ mtu: 512 }))).toContain("says what it is");
  });

  test("throws for what it cannot send", async () => {
    const broken = await verdict((end) => ({
      send: (to, datagram) => {
        if (!to.startsWith("memory:") || datagram.length > end.mtu) throw new Error("no");
        end.send(to, datagram);
      },
    }));
    expect(broken).toEqual([
      "refuses a datagram longer than mtu, and goes on",
      "takes addresses where nobody is, and addresses that are none",
    ]);
  });

  test("cuts what is too long", async () => {
    const cutting = (end: Transport): Partial<Transport> => ({
      send: (to, datagram) => end.send(to, datagram.subarray(0, end.mtu)),
    });
    expect(await verdict(cutting)).toContain("refuses a datagram longer than mtu, and goes on");
  });

  test("keeps a reference instead of a copy", async () => {
    const broken = await verdict((end) => {
      const waiting: [string, Uint8Array][] = [];
      return {
        send: (to, datagram) => void waiting.push([to, datagram]),
        receive: () => {
          for (const [to, datagram] of waiting.splice(0)) end.send(to, datagram);
          return end.receive();
        },
      };
    });
    expect(broken).toContain("copies what it sends before send returns");
  });

  test("gives things twice", async () => {
    const broken = await verdict((end) => {
      let last: ReturnType<Transport["receive"]> = [];
      return {
        receive: () => {
          const all = [...last, ...end.receive()];
          last = all.slice(-1);
          return all;
        },
      };
    });
    expect(broken).toContain("gives what arrived in the order of arrival, and only once");
  });

  test("gives the newest first", async () => {
    const broken = await verdict((end) => ({ receive: () => [...end.receive()].reverse() }));
    expect(broken).toContain("gives what arrived in the order of arrival, and only once");
  });

  test("hides who sent", async () => {
    const broken = await verdict((end) => ({
      receive: () => Array.from(end.receive(), ({ datagram }) => ({ from: "memory:somebody", datagram })),
    }));
    expect(broken).toContain("tells senders apart, at addresses that can be answered");
  });

  test("keeps everything that waits", async () => {
    const broken = await verdict((end) => ({
      // As if twice as much had been waiting.
      receive: () => [...end.receive()].flatMap((received) => [received, received]),
    }));
    expect(broken).toContain("bounds what waits to be received");
  });

  test("goes on after it is closed", async () => {
    const broken = await verdict(() => ({ close: () => {} }));
    expect(broken).toEqual(["neither sends nor receives once closed", "drops what waited when it is closed"]);
  });

  test("cannot be closed twice", async () => {
    const broken = await verdict((end) => {
      let closed = false;
      return {
        close: () => {
          if (closed) throw new Error("closed already");
          closed = true;
          end.close();
        },
      };
    });
    expect(broken).toContain("closes twice without harm");
  });
});
