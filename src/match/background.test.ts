import { afterEach, expect, test, vi } from "vitest";
import { openBackground, TICKER_SOURCE } from "./background.js";

/** A page that is hidden and shown, and a worker that ticks, as the test says. */
class FakePage {
  readonly posted: number[] = [];
  readonly scripts: (string | URL)[] = [];
  worker: { onmessage: (() => void) | null; onerror: (() => void) | null } | undefined;
  terminated = 0;
  readonly document: { hidden: boolean } & EventTarget = Object.assign(new EventTarget(), { hidden: false });

  constructor() {
    const page = this;
    vi.stubGlobal("document", this.document);
    vi.stubGlobal(
      "Worker",
      class {
        onmessage = null;
        onerror = null;
        constructor(url: string | URL) {
          page.scripts.push(url);
          page.worker = this;
        }
        postMessage(everyMs: number): void {
          page.posted.push(everyMs);
        }
        terminate(): void {
          page.terminated++;
        }
      },
    );
  }

  turn(hidden: boolean): void {
    this.document.hidden = hidden;
    this.document.dispatchEvent(new Event("visibilitychange"));
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test("EN-777 a worker keeps time for a page while it is hidden, and then only", async () => {
  const page = new FakePage();
  const background = openBackground(10, "/ticker.js");
  const told: (string | boolean)[] = [];
  background.onTick = () => told.push("tick");
  background.onTurn = (hidden) => told.push(hidden);
  page.turn(false);
  expect([page.scripts, page.posted]).toEqual([[], []]);
  page.turn(true);
  page.worker!.onmessage!();
  page.turn(false);
  // A message that was under way when the page came back.
  page.worker!.onmessage!();
  page.turn(true);
  expect(told).toEqual([false, true, "tick", false, true]);
  expect([page.scripts, page.posted]).toEqual([["/ticker.js"], [10, 0, 10]]);
  background.close();
  page.turn(false);
  expect([told.length, page.terminated]).toEqual([5, 1]);
});

test("EN-777 who waits for others in a hidden page is woken by the worker, not by the page's slow timers", async () => {
  const page = new FakePage();
  page.document.hidden = true;
  const background = openBackground(1_000_000);
  expect(background.hidden).toBe(true);
  const waiting = background.pause();
  page.worker!.onmessage!();
  await waiting;
  background.close();
});

test("EN-777 where no worker can be had, the page's own timer has to do", async () => {
  const page = new FakePage();
  page.turn(true);
  const background = openBackground(1);
  page.worker!.onerror!();
  await new Promise<void>((resolve) => {
    background.onTick = resolve;
  });
  background.close();
});

test("EN-777 where making a worker throws, as under strict content policies, the page's own timer has to do", async () => {
  const page = new FakePage();
  page.document.hidden = true;
  vi.stubGlobal(
    "Worker",
    class {
      constructor() {
        throw new TypeError("This document requires a TrustedScriptURL.");
      }
    },
  );
  const background = openBackground(1);
  await new Promise<void>((resolve) => {
    background.onTick = resolve;
  });
  page.turn(false);
  page.turn(true);
  await background.pause();
  background.close();
});

test("EN-777 a worker that fails once the match is over starts no timer", () => {
  const page = new FakePage();
  page.document.hidden = true;
  vi.useFakeTimers();
  try {
    const background = openBackground(1);
    const { worker } = page;
    background.close();
    worker!.onerror?.();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test("EN-777 outside of pages nothing is ever hidden, and the worker's text does what it says", async () => {
  const background = openBackground(1);
  expect(background.hidden).toBe(false);
  await background.pause();
  background.close();
  const ticks = await new Promise<number>((resolve) => {
    let count = 0;
    const worker = new Function("postMessage", `${TICKER_SOURCE} return (data) => onmessage({ data });`);
    vi.stubGlobal("onmessage", undefined);
    const post = worker(() => {
      if (++count < 3) return;
      post(0);
      resolve(count);
    });
    post(1);
  });
  expect(ticks).toBe(3);
});
