import type { Page } from "playwright-core";
import { expect } from "vitest";

const LOOK_MS = 300;

const picture = (page: Page): Promise<string> =>
  page.evaluate(() => document.querySelector("canvas")!.toDataURL());

const blank = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { width, height } = document.querySelector("canvas")!;
    return Object.assign(document.createElement("canvas"), { width, height }).toDataURL();
  });

/** Holds a key in one tab until it is seen in the other, where nothing had moved before. */
export async function expectKeyInOtherTab(one: Page, other: Page, key: string): Promise<void> {
  const nothing = await blank(other);
  let still = nothing;
  await expect
    .poll(
      async () => {
        const before = still;
        still = await picture(other);
        return still !== nothing && still === before;
      },
      { timeout: 60_000, interval: LOOK_MS },
    )
    .toBe(true);
  await one.bringToFront();
  await one.keyboard.down(key);
  await expect.poll(() => picture(other), { timeout: 60_000 }).not.toBe(still);
  await one.keyboard.up(key);
}
