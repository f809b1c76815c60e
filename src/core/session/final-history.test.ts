import { describe, expect, test } from "vitest";
import type { AdmissionRules } from "../admit/admission.js";
import { asSlot, chronosTick, type Hash, type KairosBranchId } from "../base/brand.js";
import { eventHashesOf, tickRulesOf } from "../bridge/order.js";
import { EventCatalog } from "../envelope/catalog.js";
import { TickContent } from "../envelope/content.js";
import { event, t } from "../envelope/declare.js";
import { nodeId } from "../envelope/node-id.js";
import { FinalHistory, HISTORY_TICKS } from "./final-history.js";

const catalog = EventCatalog.compile({ hold: event({ x: t.i8 }, { predict: "repeat" }) });
const admission: AdmissionRules = { eventsPerTick: 1, bytesPerTick: 100, mayEmit: [true, true] };
const rules = tickRulesOf(catalog, "ab".repeat(16) as KairosBranchId, admission);
const stateHash = (tick: number): Hash => tick.toString(16).padStart(64, "0") as Hash;
const held = (...xs: number[]): TickContent =>
  TickContent.of(xs.map((x) => catalog.pack("hold", { x }, chronosTick(1))));

describe("final history", () => {
  test("EN-523 a node covers the one before, the tick, all events, refused ones too, and the state hash", () => {
    const history = new FinalHistory(rules, 2, 2);
    const contents = [held(1, 2), held(3)];
    let node: Uint8Array | undefined;
    for (let tick = 0; tick < 5; tick++) {
      const of = (slot: number): TickContent => (tick === 0 ? TickContent.empty : contents[slot]!);
      const record = history.add(of, () => stateHash(tick));
      const hashes = tick === 0 ? [] : eventHashesOf(rules, chronosTick(tick), contents);
      expect(hashes.length).toBe(tick === 0 ? 0 : 3);
      node = nodeId(node, tick, hashes, tick % 2 === 0 ? stateHash(tick) : undefined);
      expect(record.node).toEqual(node);
      expect(record.stateHash).toBe(tick % 2 === 0 ? stateHash(tick) : undefined);
    }
    expect(history.hashes).toBe(3);
  });

  test("EN-523 one other event, refused or not, makes another node from there on", () => {
    const nodes = [held(1, 2), held(1, 5)].map((first) => {
      const history = new FinalHistory(rules, 1, 2);
      history.add(
        () => TickContent.empty,
        () => stateHash(0),
      );
      history.add(
        (slot) => (slot === asSlot(0) ? first : held(3)),
        () => stateHash(1),
      );
      return history.newest.node;
    });
    expect(nodes[0]).not.toEqual(nodes[1]);
  });

  test("EN-503 remembers the last ticks and forgets those before", () => {
    const history = new FinalHistory(rules, 1, 2);
    for (let tick = 0; tick < HISTORY_TICKS + 3; tick++) {
      history.add(
        () => TickContent.empty,
        () => stateHash(tick),
      );
    }
    expect(history.at(2)).toBeUndefined();
    expect(history.at(3)!.tick).toBe(3);
    expect(history.newestTick).toBe(HISTORY_TICKS + 2);
  });
});
