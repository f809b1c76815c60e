import { describe, expect, test } from "vitest";
import { asSlot } from "../base/brand.js";
import { TickContent } from "../envelope/content.js";
import { INBOX_AHEAD_TICKS, INBOX_TICKS, Inbox } from "./inbox.js";

const said = (byte: number): TickContent =>
  TickContent.of([{ kind: 0, repeats: false, compact: new Uint8Array([byte]) }]);

const filled = (ticks: number): Inbox => {
  const inbox = new Inbox([asSlot(0)]);
  for (let tick = 1; tick <= ticks; tick++) {
    inbox.advance(tick - 1);
    expect(inbox.offer(tick, () => said(tick % 256))).toBe("new");
  }
  return inbox;
};

describe("the inbox", () => {
  test("EN-406 takes each tick once and in order", () => {
    const inbox = filled(3);
    expect(inbox.offer(5, () => said(5))).toBe("gap");
    expect(inbox.offer(3, () => said(3))).toBe("known");
    expect(inbox.seal).toBe(3);
  });

  test("EN-406 never changes what entered", () => {
    const inbox = filled(3);
    expect(inbox.offer(2, () => said(99))).toBe("contradiction");
    expect(inbox.content(0, 2)!.equals(said(2))).toBe(true);
  });

  test("EN-407 takes nothing further ahead than its bound", () => {
    const inbox = new Inbox([asSlot(0)]);
    for (let tick = 1; tick <= INBOX_AHEAD_TICKS; tick++) inbox.offer(tick, () => said(1));
    expect(inbox.offer(INBOX_AHEAD_TICKS + 1, () => said(1))).toBe("too-far");
    inbox.advance(1);
    expect(inbox.offer(INBOX_AHEAD_TICKS + 1, () => said(1))).toBe("new");
  });

  test("EN-407 keeps the last ticks for deltas and forgets those before", () => {
    const inbox = filled(INBOX_TICKS + 10);
    expect(inbox.content(0, 10)).toBeUndefined();
    expect(inbox.content(0, 11)!.equals(said(11))).toBe(true);
    expect(inbox.content(0, inbox.seal + 1)).toBeUndefined();
    expect(inbox.offer(5, () => said(5))).toBe("forgotten");
    expect(inbox.bytesAbove(inbox.seal - 4)).toBe(4);
    expect([0, 10, 11, inbox.seal, inbox.seal + 1].map((tick) => inbox.holds(tick))).toEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  test("EN-407 of a peer without slots it holds that nothing was said", () => {
    const inbox = new Inbox([]);
    expect(inbox.offer(1, () => said(1))).toBe("new");
    expect([0, 1, 2].map((tick) => inbox.holds(tick))).toEqual([true, true, false]);
  });
});
