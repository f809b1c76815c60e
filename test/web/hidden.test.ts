import { loadBundle } from "echo-net/bundles";
import { readJournal, replayJournal } from "echo-net/journal";
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

/** Keeps the text of what the page hands out as a file. */
const KEEP_FILES = `{
  globalThis.kept = undefined;
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    void blob.text().then((text) => { globalThis.kept = text; });
    return make.call(URL, blob);
  };
} true`;

/** Walks to and fro, with nothing that would hide how late the others hear of it. */
const WALK = `(async () => {
  const delay = document.querySelector("#delay");
  delay.value = "0";
  delay.dispatchEvent(new Event("change", { bubbles: true }));
  for (let i = 0; i < 20; i++) {
    const code = i % 2 === 0 ? "ArrowRight" : "ArrowLeft";
    for (const type of ["keydown", "keyup"]) {
      document.body.dispatchEvent(new KeyboardEvent(type, { code, key: code, bubbles: true }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return true;
})()`;

const fileOf = async (tab: PlainTab, button: string): Promise<string> => {
  await tab.evaluate(KEEP_FILES);
  await press(tab, button);
  return await tab.until("globalThis.kept");
};

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
    await press(guest, "Lossy");
    const start = await guest.until(`${figure("final")} || undefined`);
    expect(await host.evaluate("document.hidden")).toBe(true);
    const before = await host.evaluate("drawn");
    await guest.evaluate(WALK);
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
    const part = await fileOf(guest, "Journal");
    await press(guest, "Leave");
    await host.show();
    await host.until('document.querySelector(".veil")?.textContent.includes("Coral left the match")');
    expect(await host.evaluate(figure("rollbacks"))).toBeGreaterThan(0);
    const journal = await fileOf(host, "Keep the journal");
    expect(part.split("\n").length).toBeGreaterThan(2 * HIDDEN_TICKS);
    expect(journal.startsWith(part)).toBe(true);
    const reading = readJournal(new TextEncoder().encode(journal));
    if (!reading.ok) throw new Error(reading.refusal.what);
    const replayed = replayJournal(reading.journal, await loadBundle(reading.journal.bundle!));
    expect(replayed).toMatchObject({ ok: true, complete: true, firstDivergence: null });
  } finally {
    await tabs.close();
    await server.close();
  }
}, 300_000);
