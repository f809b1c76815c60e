import { describe, expect, test } from "vitest";
import type { AdmissionRules } from "../admit/admission.js";
import { chronosTick, type Hash, type KairosBranchId } from "../base/brand.js";
import { tickRulesOf } from "../bridge/order.js";
import { EventCatalog } from "../envelope/catalog.js";
import { TickContent } from "../envelope/content.js";
import { event, t } from "../envelope/declare.js";
import { LinkAgreement } from "./agreement.js";
import { FinalHistory } from "./final-history.js";

const catalog = EventCatalog.compile({ hold: event({ x: t.i8 }, { predict: "repeat" }) });
const admission: AdmissionRules = { eventsPerTick: 4, bytesPerTick: 100, mayEmit: [true, true] };
const rules = tickRulesOf(catalog, "ab".repeat(16) as KairosBranchId, admission);
const held = (x: number): TickContent => TickContent.of([catalog.pack("hold", { x }, chronosTick(1))]);

/** One side of a link: what it computed, and what it thinks of the other. */
class Side {
  readonly history: FinalHistory;
  readonly agreement: LinkAgreement;
  readonly #lieTick: number;
  readonly #what: "inputs" | "state";

  constructor(lieTick: number, what: "inputs" | "state", hashEveryTicks = 1) {
    this.history = new FinalHistory(rules, hashEveryTicks, 2);
    this.agreement = new LinkAgreement(this.history, rules);
    this.#lieTick = lieTick;
    this.#what = what;
    this.runTo(0);
  }

  runTo(finalTick: number): void {
    while (this.history.newestTick < finalTick) {
      const tick = this.history.newestTick + 1;
      const lies = tick === this.#lieTick && this.#what === "inputs";
      const differs = tick >= this.#lieTick;
      const record = this.history.add(
        (slot) => (tick === 0 ? TickContent.empty : held(lies && slot === 1 ? 99 : tick % 100)),
        () => (differs ? "f" : "0").repeat(64) as Hash,
      );
      this.agreement.finalized(record);
    }
  }

  /** One datagram to the other side. */
  tell(other: Side): void {
    const { tick, node } = this.history.newest;
    other.agreement.reported(tick, node.subarray(0, 8));
    if (this.agreement.disputedTick === undefined) return;
    const ledger = this.agreement.ledger();
    if (ledger !== undefined) other.agreement.received(ledger);
  }
}

const NEVER = 1_000_000;

describe("agreement", () => {
  test("EN-517 one ledger decides nothing, and two that say different things do not either", () => {
    const [one, other] = [new Side(NEVER, "inputs"), new Side(5, "inputs")];
    for (const side of [one, other]) side.runTo(10);
    other.tell(one);
    const ledger = other.agreement.ledger()!;
    for (const byte of [1, 2, 3, 4]) {
      const entries = ledger.entries.slice();
      entries[2] = byte;
      one.agreement.received({ ...ledger, entries });
    }
    expect(one.agreement.finding).toBeUndefined();
    one.agreement.received(ledger);
    expect(one.agreement.finding).toBeUndefined();
    one.agreement.received(ledger);
    expect(one.agreement.finding).toEqual({ type: "inputs", chronos: 5, slot: 1 });
  });

  test("EN-529 a tick is hashed for ledgers once, however many ledgers come", () => {
    let hashed = 0;
    const counting = {
      ...rules,
      catalog: new Proxy(catalog, {
        get: (target, name) => {
          const member = Reflect.get(target, name, target);
          if (typeof member !== "function") return member;
          return (...args: unknown[]) => {
            hashed++;
            return member.apply(target, args);
          };
        },
      }),
    };
    const one = new Side(NEVER, "inputs");
    one.runTo(20);
    const agreement = new LinkAgreement(one.history, counting);
    agreement.reported(20, new Uint8Array(8));
    const entries = new Uint8Array(16 * 40);
    for (let i = 0; i < 500; i++) {
      entries.fill(1 + (i % 250));
      agreement.received({ fromTick: 1 + (i % 5), count: 16, entries });
    }
    expect(agreement.finding).toBeUndefined();
    expect(hashed).toBeGreaterThan(0);
    expect(hashed).toBeLessThanOrEqual(20 * 2);
  });

  test("EN-517 a state that is hashed now and then is found at the first hash that differs", () => {
    const [one, other] = [new Side(NEVER, "state", 20), new Side(121, "state", 20)];
    for (let finalTick = 0; finalTick < 200; finalTick++) {
      one.runTo(finalTick);
      other.runTo(finalTick);
      one.tell(other);
      other.tell(one);
    }
    for (const { agreement } of [one, other]) {
      expect(agreement.finding).toMatchObject({ type: "state", chronos: 140 });
    }
  });

  test("EN-517 both find it where one stays behind, to whom all reports are of ticks to come", () => {
    const [behind, ahead] = [new Side(NEVER, "inputs"), new Side(121, "inputs")];
    behind.runTo(125);
    ahead.runTo(150);
    for (let datagrams = 0; datagrams < 80; datagrams++) {
      behind.tell(ahead);
      ahead.tell(behind);
    }
    for (const { agreement } of [behind, ahead]) {
      expect(agreement.finding).toEqual({ type: "inputs", chronos: 121, slot: 1 });
    }
  });

  for (const what of ["inputs", "state"] as const) {
    test(`EN-517 both find the first tick with other ${what}, however unevenly reports came before`, () => {
      for (const [reportedToOne, reportedToOther] of [
        [100, 60],
        [60, 100],
        [99, 100],
        [0, 100],
        [40, 0],
      ] as const) {
        const [one, other] = [new Side(NEVER, what), new Side(121, what)];
        other.runTo(reportedToOne);
        other.tell(one);
        one.runTo(reportedToOther);
        one.tell(other);
        other.runTo(150);
        one.runTo(150);
        expect([one.agreement.agreedTick, other.agreement.agreedTick]).toEqual([
          reportedToOne,
          reportedToOther,
        ]);
        for (let datagrams = 0; datagrams < 40; datagrams++) {
          one.tell(other);
          other.tell(one);
        }
        for (const { agreement } of [one, other]) {
          expect(agreement.finding).toMatchObject({ type: what, chronos: 121 });
          expect(agreement.agreedTick).toBe(120);
        }
      }
    });
  }
});
