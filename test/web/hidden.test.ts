import { expect, test } from "vitest";
import { serve } from "../../src/server/index.js";
import { root } from "../tidy/modules.js";
import { type PlainTab, PlainTabs } from "./plain-tabs.js";

const HIDDEN_TICKS = 300;

const press = (tab: PlainTab, name: string): Promise<unknown> =>
  tab.until(
    `[...document.querySelectorAll("button")].filter((one) => one.textContent.startsWith("${name}")).map((one) => one.click()).length`,
  );
const figure = (name: string): string =>
  `Number(document.querySelector("[data-figure=${name}]")?.textContent)`;
const seesAway = 'document.querySelector(".scoreboard")?.textContent.includes("in another tab")';

/** Counts the page's frames by itself, whatever the game does. */
const COUNT_FRAMES =
  "globalThis.drawn = 0; requestAnimationFrame(function count() { drawn++; requestAnimationFrame(count); }); true";

test("EN-777 EN-1357 a tab that is hidden for five seconds keeps nobody waiting, and is back in the present at once", async () => {
  const server = await serve({ port: 0, bind: "127.0.0.1", page: `${root}dist/apps/splash` });
  const tabs = await PlainTabs.launch();
  try {
    const host = await tabs.open(`${server.url}/?players=2&seconds=600`);
    await press(host, "Invite friends");
    const link = await host.until('document.querySelector("#link")?.value');
    await host.evaluate(COUNT_FRAMES);
    // Whoever sends a link does so from another tab: the host waits in one that is hidden.
    const guest = await tabs.open(link);
    await guest.until('document.querySelector(".scoreboard") !== null');
    await press(guest, "Network");
    const start = await guest.until(`${figure("final")} || undefined`);
    expect(await host.evaluate("document.hidden")).toBe(true);
    const before = await host.evaluate("drawn");
    await guest.until(`${figure("final")} > ${start + HIDDEN_TICKS}`);
    expect(await host.evaluate("[document.hidden, drawn]")).toEqual([true, before]);
    expect(await guest.evaluate(seesAway)).toBe(true);

    const present = await guest.evaluate(figure("final"));
    await host.show();
    await press(host, "Network");
    expect(await host.until(`drawn > ${before} && ${figure("ticks")}`)).toBeGreaterThanOrEqual(present - 60);
    await host.until(seesAway);
    await host.until(`${figure("final")} > ${present + HIDDEN_TICKS}`);
    expect(await guest.evaluate("document.hidden")).toBe(true);
    await guest.show();
    await guest.until(`${figure("final")} > ${present + HIDDEN_TICKS}`);
    await press(guest, "Leave");
    await host.show();
    await host.until('document.querySelector(".veil")?.textContent.includes("Coral left the match")');
  } finally {
    await tabs.close();
    await server.close();
  }
}, 300_000);
