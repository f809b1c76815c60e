import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget } from "../transports/budget.js";
import { Addresses, countedAddress } from "./addresses.js";
import { RelayAllowance } from "./allowance.js";
import { Doorstep } from "./doorstep.js";
import { gated } from "./event-gate.js";
import { EVENTS_AT_ONCE, MAX_ADDRESSES, RELAY_BYTES_AT_ONCE, RELAY_BYTES_PER_SECOND } from "./limits.js";
import { isWelcome } from "./origin.js";

describe("a budget", () => {
  test("EN-1208 never gives more than what it holds at once and has earned since", () => {
    const spending = fc.record({ afterMs: fc.nat(2_000), cost: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(spending, { maxLength: 60 }), (spendings) => {
        const budget = new Budget(10, 30, 0);
        let [nowMs, spent] = [0, 0];
        for (const { afterMs, cost } of spendings) {
          nowMs += afterMs;
          if (budget.spend(cost, nowMs)) spent += cost;
          expect(spent).toBeLessThanOrEqual(30 + (nowMs * 10) / 1_000);
        }
        // Four seconds fill it from any state.
        expect(budget.isFull(nowMs + 4_000) && budget.spend(30, nowMs + 4_000)).toBe(true);
        expect(budget.spend(1, nowMs + 4_000)).toBe(false);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test("EN-1208 of relayed bytes drops first, and takes a flood for what it is", () => {
    const allowance = new RelayAllowance(1, 0);
    const verdicts = { pass: 0, drop: 0, flood: 0 };
    for (let datagrams = 0; datagrams < 10_000; datagrams++) verdicts[allowance.spend(1_200, 0)]++;
    const atOnce = Math.floor(RELAY_BYTES_AT_ONCE / 1_300);
    expect(verdicts.pass).toBe(atOnce);
    expect(verdicts.drop).toBeGreaterThan(2.9 * atOnce);
    expect(verdicts.flood).toBeGreaterThan(0);
    // Eight players at 60 Hz, every datagram of full size, for a minute: nothing is lost.
    const match = new RelayAllowance(1, 0);
    for (let tick = 0; tick < 3_600; tick++) {
      for (let other = 0; other < 7; other++) expect(match.spend(1_200, (tick * 1_000) / 60)).toBe("pass");
    }
    expect(7 * 60 * 1_300).toBeLessThan(RELAY_BYTES_PER_SECOND);
  });
});

describe("addresses", () => {
  test("EN-1209 are counted whole in IPv4 and by the subscriber's 64 bits in IPv6", () => {
    expect(countedAddress("192.0.2.7")).toBe("192.0.2.7");
    expect(countedAddress("::ffff:192.0.2.7")).toBe("192.0.2.7");
    expect(countedAddress(undefined)).toBe("unknown");
    const same = ["2001:db8:1:2:3:4:5:6", "2001:DB8:1:2::1", "2001:db8:1:2:ffff::", "2001:db8:1:2::1%eth0"];
    expect(new Set(same.map(countedAddress))).toEqual(new Set(["2001:db8:1:2::/64"]));
    expect(countedAddress("2001:db8::1")).toBe("2001:db8:0:0::/64");
    expect(countedAddress("::1")).toBe("0:0:0:0::/64");
  });

  test("EN-1209 are forgotten once they have no connection and owe nothing", () => {
    const addresses = new Addresses(50);
    const share = addresses.share("a", 0);
    share.connections = 1;
    addresses.share("b", 0);
    addresses.share("c", 0).requests.spend(50, 0);
    expect(addresses.share("a", 0)).toBe(share);
    addresses.sweep(1);
    expect(addresses.size).toBe(2);
    addresses.sweep(1_001);
    expect(addresses.size).toBe(1);
    share.connections = 0;
    addresses.sweep(1_001);
    expect(addresses.size).toBe(0);
  });
});

test("EN-1209 addresses beyond a bound are forgotten, those with connections last", () => {
  const addresses = new Addresses(50);
  const share = addresses.share("kept", 0);
  share.connections = 1;
  for (let i = 0; i < 2 * MAX_ADDRESSES; i++) {
    addresses.share(`${i}`, 0).requests.spend(1, 0);
    if (i % 1_000 === 0) expect(addresses.size).toBeLessThanOrEqual(MAX_ADDRESSES);
  }
  expect(addresses.share("kept", 0)).toBe(share);
});

describe("the doorstep", () => {
  test("EN-1210 sends the oldest away where there are too many, of one address or of all", () => {
    const doorstep = new Doorstep<string>(4, 2);
    expect([doorstep.add("a1", "a"), doorstep.add("b1", "b"), doorstep.add("a2", "a")]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
    expect(doorstep.add("a3", "a")).toBe("a1");
    expect(doorstep.add("c1", "c")).toBeUndefined();
    expect(doorstep.add("c2", "c")).toBe("b1");
    doorstep.delete("a2");
    doorstep.delete("a2");
    expect(doorstep.add("d1", "d")).toBeUndefined();
    expect(doorstep.size).toBe(4);
    for (const comer of ["a3", "c1", "c2", "d1"]) doorstep.delete(comer);
    expect(doorstep.size).toBe(0);
  });
});

describe("origins", () => {
  test.each([
    [undefined, true],
    ["http://game.example:7777", true],
    ["https://game.example:7777", true],
    ["http://localhost:5173", true],
    ["http://127.0.0.1", true],
    ["http://[::1]:80", true],
    ["https://play.example", true],
    ["https://play.example.evil.example", false],
    ["http://play.example", false],
    ["http://game.example", false],
    ["http://localhost.evil.example", false],
    ["http://evil.example/localhost", false],
    ["null", false],
    ["", false],
  ])("EN-1211 %j is welcome at game.example: %s", (origin, welcome) => {
    expect(isWelcome(origin, "game.example:7777", ["https://play.example"])).toBe(welcome);
    expect(isWelcome(origin, "game.example:7777", ["*"])).toBe(true);
  });
});

test("EN-1212 events that others cause are told within a bound, and how many were not", () => {
  const told: string[] = [];
  const tell = gated((event) =>
    told.push(event.event === "suppressed" ? `${event.count} more` : event.event),
  );
  const flood = 3 * EVENTS_AT_ONCE;
  for (let i = 0; i < flood; i++) tell({ event: "room-opened", room: "a" });
  tell({ event: "closed" });
  expect(told.at(-1)).toBe("closed");
  const opened = told.filter((event) => event === "room-opened").length;
  expect(opened).toBeLessThan(1.5 * EVENTS_AT_ONCE);
  const suppressed = told
    .filter((event) => event.endsWith(" more"))
    .map((event) => Number.parseInt(event, 10));
  expect(suppressed.reduce((sum, count) => sum + count, 0)).toBe(flood - opened);
});
