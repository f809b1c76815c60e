import { describe, expect, test } from "vitest";
import { EchoNetError } from "../../core/base/errors.js";
import type { Received, Transport } from "../../core/wire/transport.js";
import { parseUdpAddress, UdpTransport, udp, udpAddress } from "./index.js";

const shortly = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 4));

async function refusal(opening: Promise<Transport>): Promise<EchoNetError> {
  const outcome = await opening.then(
    (transport) => {
      transport.close();
      return undefined;
    },
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(EchoNetError);
  return outcome as EchoNetError;
}

/** Sends until something has arrived. */
async function exchange(from: Transport, to: Transport, address: string): Promise<Received> {
  for (let attempt = 0; attempt < 50; attempt++) {
    from.send(address, Uint8Array.of(42));
    await shortly();
    const [received] = to.receive();
    if (received !== undefined) return received;
  }
  throw new Error(`nothing arrived at ${address}`);
}

describe("UDP addresses", () => {
  test("EN-804 are written with brackets for IPv6 and read back", () => {
    expect(udpAddress("127.0.0.1", 7777)).toBe("udp:127.0.0.1:7777");
    expect(udpAddress("::1", 7777)).toBe("udp:[::1]:7777");
    expect(udpAddress("::ffff:10.0.0.7", 1)).toBe("udp:10.0.0.7:1");
    expect(parseUdpAddress("udp:127.0.0.1:7777")).toEqual({ host: "127.0.0.1", port: 7777, family: 4 });
    expect(parseUdpAddress("udp:[::1]:65535")).toEqual({ host: "::1", port: 65_535, family: 6 });
    expect(parseUdpAddress("udp:[fe80::1%eth0]:5")).toEqual({ host: "fe80::1%eth0", port: 5, family: 6 });
  });

  test.each([
    "",
    "udp:",
    "127.0.0.1:7777",
    "udp:localhost:7777",
    "udp:127.0.0.1",
    "udp:127.0.0.1:0",
    "udp:127.0.0.1:65536",
    "udp:127.0.0.1:+5",
    "udp:127.0.0.1:5 ",
    "udp:256.0.0.1:5",
    "udp:1.2.3:5",
    "udp:::1:5",
    "udp:[127.0.0.1]:5",
    "udp:[::1%]:5",
    "udp:[:::]:5",
    "memory:0",
  ])("EN-804 anything else is none: %j", (address) => {
    expect(parseUdpAddress(address)).toBeUndefined();
  });
});

describe("UDP", () => {
  test("EN-802 what the system will not send is counted by its reason and never throws", async () => {
    const end = await UdpTransport.open({ bind: "127.0.0.1" });
    end.send("udp:[::1]:9", Uint8Array.of(1));
    end.send("nowhere", Uint8Array.of(1));
    end.send("udp:255.255.255.255:9", Uint8Array.of(1));
    end.send("udp:127.0.0.1:9", new Uint8Array(1201));
    await shortly();
    expect(end.counts).toMatchObject({ refused: 1, failed: 3 });
    expect(end.failures.get("EAFNOSUPPORT")).toBe(1);
    expect(end.failures.get("BAD_ADDRESS")).toBe(1);
    end.close();
  });

  test("EN-805 a port in use is refused in words", async () => {
    for (const bind of ["127.0.0.1", "::1", undefined]) {
      const first = await UdpTransport.open({ bind });
      const error = await refusal(UdpTransport.open({ bind, port: first.port }));
      expect(error.code).toBe("NO_ROUTE");
      expect(error.hint).toContain(`UDP port ${first.port} is in use`);
      first.close();
    }
  });

  test("EN-805 so is an address that is not this machine's, or none", async () => {
    const foreign = await refusal(UdpTransport.open({ bind: "203.0.113.7" }));
    expect([foreign.code, foreign.hint]).toEqual([
      "NO_ROUTE",
      expect.stringContaining("no address 203.0.113.7"),
    ]);
    for (const bind of ["localhost", "", "::g"]) {
      const none = await refusal(UdpTransport.open({ bind }));
      expect([none.code, none.hint]).toEqual(["NO_ROUTE", expect.stringContaining("not an IP address")]);
    }
    for (const port of [-1, 65_536, 1.5, Number.NaN]) {
      expect((await refusal(UdpTransport.open({ port }))).code).toBe("INPUT_INVALID");
    }
  });

  test("EN-806 bound to everything it lists loopback first, then the machine's own, none link-local", async () => {
    const end = await UdpTransport.open();
    expect(end.addresses[0]).toBe(`udp:127.0.0.1:${end.port}`);
    expect(end.addresses.length).toBeLessThanOrEqual(8);
    for (const address of end.addresses) {
      const endpoint = parseUdpAddress(address);
      expect(endpoint?.port).toBe(end.port);
      expect(endpoint?.host).not.toMatch(/^(fe80|169\.254|0\.0\.0\.0$|::$)/);
    }
    end.close();
    const four = await UdpTransport.open({ bind: "0.0.0.0" });
    expect(four.addresses.every((address) => parseUdpAddress(address)?.family === 4)).toBe(true);
    four.close();
    const one = await UdpTransport.open({ bind: "127.0.0.1" });
    expect(one.addresses).toEqual([`udp:127.0.0.1:${one.port}`]);
    one.close();
  });

  test("EN-806 bound to everything it is reached at each address that it lists", async () => {
    const host = await UdpTransport.open();
    const guest = await UdpTransport.open();
    for (const address of host.addresses) {
      const { from } = await exchange(guest, host, address);
      await exchange(host, guest, from);
    }
    expect(host.addresses.some((address) => parseUdpAddress(address)?.family === 6)).toBe(true);
    host.close();
    guest.close();
  });

  test("the option hosts without an invite and joins with one", async () => {
    const host = udp({ port: 0, bind: "127.0.0.1" });
    expect([host.role, host.invite]).toEqual(["host", undefined]);
    const guest = udp({ invite: "echo-net:word" });
    expect([guest.role, guest.invite]).toEqual(["join", "echo-net:word"]);
    const end = await host.open();
    expect(end.addresses[0]).toMatch(/^udp:127\.0\.0\.1:\d+$/);
    end.close();
  });
});
