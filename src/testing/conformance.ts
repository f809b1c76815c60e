import { equalBytes } from "../core/base/bytes.js";
import type { Address, Transport } from "../core/wire/transport.js";

/** What the suite needs to know about an implementation of `Transport`. */
export interface TransportHarness {
  /** Opens one more end, which reaches all ends opened before it. The suite closes it. */
  open(): Promise<Transport> | Transport;
  /** Lets what was sent arrive: steps a virtual clock, or waits a few milliseconds. */
  settle(): Promise<void> | void;
  /** Addresses in this transport's spelling where nobody is. */
  readonly nobody: readonly Address[];
  /** The most that an end keeps while nobody takes it. */
  readonly receiveLimit: { readonly datagrams: number; readonly bytes: number };
}

/** One requirement, and the code that throws where it does not hold. */
export interface ConformanceCase {
  readonly name: string;
  run(): Promise<void>;
}

/** What a case throws: the implementation breaks the requirement that the case names. */
export class ConformanceError extends Error {
  override readonly name = "ConformanceError";
}

/**
 * Certifies an implementation of `Transport`, in any test runner:
 * `for (const { name, run } of transportConformance(harness)) test(name, run);`
 * A transport may lose what it likes, but not everything: each case sends again until it has seen enough.
 */
export function transportConformance(harness: TransportHarness): readonly ConformanceCase[] {
  return Object.entries(CASES).map(([name, body]) => ({
    name,
    run: async (): Promise<void> => {
      const lab = new Lab(harness);
      try {
        await body(lab, harness);
      } finally {
        lab.close();
      }
    },
  }));
}

const ATTEMPTS = 50;

/** The ends of one case, and the ways in which cases use them. */
class Lab {
  readonly #harness: TransportHarness;
  readonly #open: Transport[] = [];

  constructor(harness: TransportHarness) {
    this.#harness = harness;
  }

  async end(): Promise<Transport> {
    const end = await this.#harness.open();
    this.#open.push(end);
    return end;
  }

  close(): void {
    for (const end of this.#open) end.close();
  }

  /** What has arrived, copied. */
  take(end: Transport): { readonly from: Address; readonly datagram: Uint8Array }[] {
    return Array.from(end.receive(), ({ from, datagram }) => ({ from, datagram: datagram.slice() }));
  }

  /** What waits at an end, once anything does; empty where nothing ever comes. */
  async arrivals(end: Transport): Promise<ReturnType<Lab["take"]>> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await this.#harness.settle();
      const taken = this.take(end);
      if (taken.length > 0) return taken;
    }
    return [];
  }

  /** Sends until `datagram` has arrived; what it came from. */
  async deliver(from: Transport, to: Transport, datagram: Uint8Array): Promise<Address> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      from.send(to.addresses[0]!, datagram);
      await this.#harness.settle();
      const arrived = this.take(to).find((received) => equalBytes(received.datagram, datagram));
      if (arrived !== undefined) return arrived.from;
    }
    throw new ConformanceError(
      `a datagram of ${datagram.length} bytes never arrived, sent ${ATTEMPTS} times`,
    );
  }
}

const patterned = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed * 97 + (i >> 8)) & 0xff);

function check(condition: boolean, what: string): void {
  if (!condition) throw new ConformanceError(what);
}

function checkSilent(what: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    throw new ConformanceError(`${what} threw ${error}`, { cause: error });
  }
}

const CASES: Readonly<Record<string, (lab: Lab, harness: TransportHarness) => Promise<void>>> = {
  "says what it is": async (lab) => {
    const end = await lab.end();
    check(Number.isInteger(end.mtu) && end.mtu >= 1200, `mtu is ${end.mtu}, which is less than 1200 bytes`);
    check(typeof end.secure === "boolean", "secure is neither true nor false");
    check(end.addresses.length > 0, "it has no address");
    const other = await lab.end();
    check(!other.addresses.includes(end.addresses[0]!), "two ends have one address");
  },

  "has received nothing before anything was sent": async (lab) => {
    check(lab.take(await lab.end()).length === 0, "something arrived");
  },

  "carries datagrams of 1 byte to mtu unchanged": async (lab) => {
    const [a, b] = [await lab.end(), await lab.end()];
    for (const length of [1, 2, 255, 256, 1199, a.mtu]) await lab.deliver(a, b, patterned(length, length));
  },

  "sends the part of a buffer that a view shows": async (lab) => {
    const [a, b] = [await lab.end(), await lab.end()];
    await lab.deliver(a, b, patterned(64, 1).subarray(7, 29));
  },

  "copies what it sends before send returns": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const reused = patterned(100, 2);
      a.send(b.addresses[0]!, reused);
      reused.fill(0);
      await harness.settle();
      const [arrived] = lab.take(b);
      if (arrived === undefined) continue;
      check(equalBytes(arrived.datagram, patterned(100, 2)), "bytes written after send returned were sent");
      return;
    }
    check(false, "nothing arrived");
  },

  "refuses a datagram longer than mtu, and goes on": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    const long = patterned(a.mtu + 1, 3);
    checkSilent("sending more than mtu", () => a.send(b.addresses[0]!, long));
    checkSilent("sending 100,000 bytes", () => a.send(b.addresses[0]!, new Uint8Array(100_000)));
    await harness.settle();
    check(lab.take(b).length === 0, "a datagram longer than mtu arrived, in whole or in part");
    await lab.deliver(a, b, patterned(20, 4));
  },

  "takes an empty datagram without harm": async (lab) => {
    const [a, b] = [await lab.end(), await lab.end()];
    checkSilent("sending nothing", () => a.send(b.addresses[0]!, new Uint8Array(0)));
    await lab.deliver(a, b, patterned(20, 5));
  },

  "takes addresses where nobody is, and addresses that are none": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    const nonsense = [
      "",
      ":",
      "nowhere",
      "udp:",
      "udp:999.1.1.1:5",
      "memory:-1",
      "x".repeat(10_000),
      "udp:[::1]:0",
    ];
    for (const address of [...harness.nobody, ...nonsense]) {
      checkSilent(`sending to ${JSON.stringify(address.slice(0, 40))}`, () =>
        a.send(address, patterned(20, 6)),
      );
    }
    await harness.settle();
    await lab.deliver(a, b, patterned(20, 7));
  },

  "tells senders apart, at addresses that can be answered": async (lab, harness) => {
    const [a, b, c] = [await lab.end(), await lab.end(), await lab.end()];
    const fromA = await lab.deliver(a, c, patterned(20, 8));
    const fromB = await lab.deliver(b, c, patterned(20, 9));
    check(fromA !== fromB, "two senders have one address");
    for (const [end, address] of [
      [a, fromA],
      [b, fromB],
    ] as const) {
      let answered = false;
      for (let attempt = 0; attempt < ATTEMPTS && !answered; attempt++) {
        c.send(address, patterned(21, 10));
        await harness.settle();
        answered = lab.take(end).some(({ datagram }) => equalBytes(datagram, patterned(21, 10)));
      }
      check(answered, `an answer to ${address} never arrived`);
    }
  },

  "gives what arrived in the order of arrival, and only once": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    const seen: number[] = [];
    for (let i = 0; i < 100; i++) {
      a.send(b.addresses[0]!, Uint8Array.of(i));
      // Each has arrived before the next is sent, so order of arrival is order of sending.
      await harness.settle();
      if (i % 10 === 9) seen.push(...lab.take(b).map(({ datagram }) => datagram[0]!));
    }
    check(seen.length > 0, "nothing arrived");
    check(
      seen.every((value, i) => i === 0 || value > seen[i - 1]!),
      `arrived as ${seen}`,
    );
    check(lab.take(b).length === 0, "something was given twice");
  },

  "keeps what it gave as it was until the next receive": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      a.send(b.addresses[0]!, patterned(50, 11));
      await harness.settle();
      const given = [...b.receive()];
      if (given.length === 0) continue;
      for (let i = 0; i < 10; i++) a.send(b.addresses[0]!, patterned(50, 12 + i));
      await harness.settle();
      check(equalBytes(given[0]!.datagram, patterned(50, 11)), "a later datagram was written over it");
      return;
    }
    check(false, "nothing arrived");
  },

  "bounds what waits to be received": async (lab, harness) => {
    for (const length of [1, 1200]) {
      const [a, b] = [await lab.end(), await lab.end()];
      const { datagrams, bytes } = harness.receiveLimit;
      const many = Math.ceil(Math.min(datagrams, bytes / length) * 1.25) + 10;
      for (let i = 0; i < many; i++) {
        a.send(b.addresses[0]!, patterned(length, i));
        if (i % 64 === 63) await harness.settle();
      }
      const taken = await lab.arrivals(b);
      const total = taken.reduce((sum, { datagram }) => sum + datagram.length, 0);
      check(taken.length > 0, "nothing was kept");
      check(taken.length <= datagrams, `${taken.length} datagrams waited, ${datagrams} may`);
      check(total <= bytes, `${total} bytes waited, ${bytes} may`);
      await lab.deliver(a, b, patterned(20, 13));
    }
  },

  "closes twice without harm": async (lab) => {
    const end = await lab.end();
    checkSilent("closing", () => end.close());
    checkSilent("closing again", () => end.close());
  },

  "neither sends nor receives once closed": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    await lab.deliver(a, b, patterned(20, 14));
    a.close();
    checkSilent("sending when closed", () => a.send(b.addresses[0]!, patterned(20, 15)));
    checkSilent("sending to a closed end", () => b.send(a.addresses[0]!, patterned(20, 16)));
    await harness.settle();
    // What it had sent again before may still arrive.
    const late = lab.take(b).some(({ datagram }) => equalBytes(datagram, patterned(20, 15)));
    check(!late, "a closed end sent something");
    checkSilent("receiving when closed", () =>
      check(lab.take(a).length === 0, "a closed end received something"),
    );
    const c = await lab.end();
    await lab.deliver(c, b, patterned(20, 17));
  },

  "drops what waited when it is closed": async (lab, harness) => {
    const [a, b] = [await lab.end(), await lab.end()];
    a.send(b.addresses[0]!, patterned(20, 18));
    await harness.settle();
    b.close();
    check(lab.take(b).length === 0, "a closed end gave what had waited");
  },
};
