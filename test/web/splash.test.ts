import { loadBundle } from "echo-net/bundles";
import { readJournal, replayJournal } from "echo-net/journal";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { downloadBy, figureOf, inMatch, overflowOf, Playground, troublesOf, untilPast } from "./splash.js";

/** Browsers draw slowly where there is no graphics card, and slower where others work, too. */
const PATIENCE_MS = 300_000;

let place: Playground;

beforeAll(async () => {
  place = await Playground.open();
});
afterAll(async () => {
  await place?.close();
});

type Box = NonNullable<Awaited<ReturnType<Locator["boundingBox"]>>>;

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole("button", { name }).click();
const close = (...pages: readonly Page[]): Promise<unknown> =>
  Promise.all(pages.map((page) => page.context().close()));

async function slide(page: Page, name: string, value: number): Promise<void> {
  await page.getByRole("slider", { name }).fill(`${value}`);
  // Arrows move whatever has the focus.
  await page.getByRole("slider", { name }).blur();
}

describe("a match by link", () => {
  test(
    "EN-1350 EN-1351 is drawn in every frame, whatever the network does, and ends with equal journals that replay in Node",
    async () => {
      const pages = await place.pair("?seconds=3600");
      for (const page of pages) {
        await press(page, /^Network/);
        // 10 % of all datagrams lost, and 100 ms each way.
        await press(page, "Lossy");
        await slide(page, "Latency", 100);
        await page.getByLabel("Input delay").selectOption("0");
      }
      const [host, guest] = pages;
      await host.keyboard.down("ArrowRight");
      await untilPast(guest, "final", 200);
      await host.keyboard.up("ArrowRight");
      await untilPast(guest, "rollbacks", 0);

      const [ticks, frames, waiting] = await Promise.all(
        ["ticks", "frames", "waiting"].map((name) => figureOf(host, name)),
      );
      // With 300 ms each way the window is used up, and everybody waits for everybody; nobody's screen does.
      for (const page of pages) await slide(page, "Latency", 300);
      await untilPast(host, "waiting", waiting! + 10);
      expect((await figureOf(host, "frames")) - frames!).toBeGreaterThan(10);
      await untilPast(host, "ticks", ticks!);
      for (const page of pages) await press(page, "Perfect");

      const part = await downloadBy(guest, guest.getByRole("button", { name: "Journal" }));
      await press(guest, "Leave");
      await host.getByText("Coral left the match").waitFor({ timeout: 60_000 });
      const journal = await downloadBy(host, host.getByRole("button", { name: "Keep the journal" }));
      expect(part.split("\n").length).toBeGreaterThan(200);
      expect(journal.startsWith(part)).toBe(true);
      const reading = readJournal(new TextEncoder().encode(journal));
      if (!reading.ok) throw new Error(reading.refusal.what);
      const replayed = replayJournal(reading.journal, await loadBundle(reading.journal.bundle!));
      expect(replayed).toMatchObject({ ok: true, complete: true, firstDivergence: null });
      if (!("finalHash" in replayed)) throw new Error("the journal holds another game");
      await untilPast(host, "final", replayed.ticks - 1);
      expect(replayed.finalHash).toContain((await host.locator("[data-figure=hash]").textContent())!.trim());
      await close(...pages);
    },
    PATIENCE_MS,
  );

  test(
    "EN-1352 ends for both when one leaves, and a host who waits no longer plays on with bots",
    async () => {
      const host = await place.visit("?players=4");
      await press(host, "Invite friends");
      const guest = await place.visit(await host.getByLabel("Send this link").inputValue());
      await host.getByText("2 of 4 are here").waitFor();
      await press(host, "Begin now with 2 bots");
      await Promise.all([host, guest].map(inMatch));
      await expect(guest.getByRole("region", { name: "Scores" }).textContent()).resolves.toMatch(
        /Blue[\s\S]*bot[\s\S]*bot[\s\S]*you/,
      );
      // Closing a tab says so as far as there is time; if there was not, silence does.
      await guest.close({ runBeforeUnload: true });
      await host.getByText(/Violet (left the match|is gone)/).waitFor({ timeout: 60_000 });
      await close(host, guest);
    },
    PATIENCE_MS,
  );

  test(
    "EN-1363 is played again by both with the same terms, and once more, and by one against a bot",
    async () => {
      const pages = await place.pair("?seconds=5");
      const [host, guest] = pages;
      for (const first of [guest, host]) {
        for (const page of pages) await page.getByText("Time is up").waitFor({ timeout: 60_000 });
        // Whoever still drops a balloon when time is up stays where they are.
        await first.keyboard.press("Space");
        await first.keyboard.press("Enter");
        await press(first, "Play again");
        await first.getByText("1 of 2 are here").waitFor();
        await press(first === host ? guest : host, "Play again");
        await Promise.all(pages.map(inMatch));
      }
      await press(guest, "Leave");
      await host.getByText("left the match").waitFor();
      // Nobody follows a link anew to a match that is over.
      expect(new URL(guest.url()).search).toBe("");
      await press(host, "Play again");
      await press(host, "Begin now with a bot");
      await inMatch(host);
      await close(...pages);
    },
    PATIENCE_MS,
  );

  test(
    "EN-1352 meets whoever wants to play next",
    async () => {
      const pages = await Promise.all([place.visit(), place.visit()]);
      for (const page of pages) await press(page, "Play whoever comes next");
      await Promise.all(pages.map(inMatch));
      await close(...pages);
    },
    PATIENCE_MS,
  );
});

describe("the page", () => {
  test(
    "EN-1353 has nothing that axe finds serious, and no overflow from 360 to 1920 pixels",
    async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await place.visit("?players=4", { colorScheme, reducedMotion: "reduce" });
        await page.getByRole("img", { name: "Four bots" }).waitFor();
        const look = async (what: string): Promise<void> => {
          expect(await troublesOf(page), `${what}, ${colorScheme}`).toEqual([]);
          for (const width of [360, 600, 768, 1024, 1280, 1920]) {
            await page.setViewportSize({ width, height: 800 });
            expect(await overflowOf(page), `${what} at ${width} pixels`).toBe(0);
          }
        };
        await look("the lobby");
        await press(page, "Invite friends");
        await page.getByLabel("Send this link").waitFor();
        await look("the room");
        await press(page, "Cancel");
        await press(page, "Practise against bots");
        await inMatch(page);
        await look("the match");
        await page.keyboard.press("n");
        await page.getByRole("complementary", { name: "Network" }).waitFor();
        await look("the panel");
        await close(page);
      }
    },
    PATIENCE_MS,
  );

  const PHONES = ["360x640", "360x740", "740x360", "844x390", "768x1024"];
  const SCREENS = ["768x1024", "1366x768", "1920x1080"];

  /** Where parts of the page are, all of them on a screen of that size. */
  async function placesOf(page: Page, parts: string, size: string): Promise<readonly Box[]> {
    const [width, height] = size.split("x").map(Number) as [number, number];
    await page.setViewportSize({ width, height });
    const boxes: Box[] = [];
    for (const part of await page.locator(parts).all()) boxes.push((await part.boundingBox())!);
    for (const box of boxes) {
      const isInside = box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= height;
      expect(isInside, `${size}: ${JSON.stringify(box)}`).toBe(true);
      expect(box.width, size).toBeGreaterThan(40);
    }
    return boxes;
  }

  test(
    "EN-1362 shows the whole board and all controls of a match at once, apart, on phones and on screens",
    async () => {
      for (const hasTouch of [true, false]) {
        const page = await place.visit("?players=4", { hasTouch, isMobile: hasTouch });
        await press(page, "Practise against bots");
        await inMatch(page);
        const parts = [".scoreboard", ".board", ".below button", ...(hasTouch ? [".stick", ".thumb"] : [])];
        for (const size of hasTouch ? PHONES : SCREENS) {
          const boxes = await placesOf(page, parts.join(), size);
          expect(boxes.length, size).toBe(hasTouch ? 8 : 4);
          for (const [i, box] of boxes.entries()) {
            for (const other of boxes.slice(i + 1)) {
              const isApart =
                box.x + box.width <= other.x ||
                other.x + other.width <= box.x ||
                box.y + box.height <= other.y ||
                other.y + other.height <= box.y;
              expect(isApart, `${size}: ${JSON.stringify([box, other])}`).toBe(true);
            }
          }
        }
        await close(page);
      }
    },
    PATIENCE_MS,
  );

  test(
    "EN-1362 shows all that is said at the end of a match at once, on phones and on screens",
    async () => {
      for (const hasTouch of [true, false]) {
        const page = await place.visit("?seconds=5", { hasTouch, isMobile: hasTouch });
        await press(page, "Practise against bots");
        await page.getByText("Time is up").waitFor({ timeout: 60_000 });
        for (const size of hasTouch ? PHONES : SCREENS) {
          expect(await placesOf(page, ".veil h2, .veil p, .veil button", size)).toHaveLength(6);
        }
        await close(page);
      }
    },
    PATIENCE_MS,
  );

  test(
    "EN-1360 rules the graph of rollbacks with the style sheet's lines, in the light and in the dark",
    async () => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await place.visit("", { colorScheme });
        await press(page, "Practise against bots");
        await inMatch(page);
        await press(page, /^Network/);
        await untilPast(page, "frames", 2);
        const graph = page.getByRole("img", { name: /^Depth of each rollback/ });
        const [drawn, meant] = await graph.evaluate((element) => {
          const canvas = element as HTMLCanvasElement;
          // The line of two ticks of eight, left of where the first bars come to stand.
          const pixel = canvas.getContext("2d")!.getImageData(0, Math.round(canvas.height * 0.75), 1, 1);
          const box = document.body.appendChild(document.createElement("div"));
          box.style.color = "var(--line)";
          const { color } = getComputedStyle(box);
          box.remove();
          return [`rgb(${[...pixel.data.slice(0, 3)].join(", ")})`, color];
        });
        expect(drawn).toBe(meant);
        await close(page);
      }
    },
    PATIENCE_MS,
  );

  test(
    "EN-1354 plays against bots when no server answers any more, and says that it reaches nobody else",
    async () => {
      const lonely = await Playground.open();
      try {
        const page = await lonely.visit("?players=3");
        await page.getByRole("img", { name: "Four bots" }).waitFor();
        await lonely.stopServer();
        await press(page, "Practise against bots");
        await inMatch(page);
        await press(page, /^Network/);
        await untilPast(page, "final", 60);
        await press(page, "Leave");
        expect(lonely.messages).toEqual([]);
        await press(page, "Invite friends");
        await page.getByRole("heading", { name: "No connection" }).waitFor();
      } finally {
        await lonely.close();
      }
    },
    PATIENCE_MS,
  );

  test(
    "EN-1355 says in words why there is no match",
    async () => {
      const host = await place.visit("?players=2");
      await press(host, "Invite friends");
      const link = await host.getByLabel("Send this link").inputValue();
      const refused = async (path: string, prepare?: (page: Page) => Promise<unknown>): Promise<string> => {
        const page = await place.visit(path, {}, prepare);
        const words = await page.getByRole("alert").locator(".lead").textContent({ timeout: 40_000 });
        await close(page);
        return words ?? "";
      };
      // A script differs by a comment: that is another game.
      const changed = await refused(link, async (page) => {
        await page.route("**/main.js", async (route) => {
          const answer = await route.fetch();
          await route.fulfill({
            response: answer,
            body: (await answer.text()).replace("-- A balloon,", "-- The balloon,"),
          });
        });
      });
      expect(changed).toMatch(/fingerprint/);
      expect(await refused("?room=nobody-is-here")).toMatch(/The match behind this link is over/);
      expect(await refused(`?room=${encodeURIComponent("no room!")}`)).toMatch(
        /is a name of 1 to 64 letters/,
      );

      // Without WebRTC everything goes by way of the server.
      const guest = await place.visit(link, {}, (page) =>
        page.addInitScript("delete globalThis.RTCPeerConnection; delete globalThis.webkitRTCPeerConnection;"),
      );
      await Promise.all([host, guest].map(inMatch));
      expect(await refused(link)).toMatch(/has begun without you/);
      await press(guest, "Leave");
      await host.getByText("Coral left the match").waitFor();
      await close(guest);
      await press(host, "Back to the lobby");
      expect(await refused(link)).toMatch(/Ask for a new link/);
      await close(host);
    },
    PATIENCE_MS,
  );
});

test("EN-1356 no page had anything to say in its console", () => {
  expect(place.messages).toEqual([]);
});
