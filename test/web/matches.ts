import type { InPage } from "./page.js";
import type { Outcome, Plan } from "./player.js";
import type { Tab, Tabs } from "./tabs.js";

/** As far as two players of one town are from each other, and a little lost: enough to be wrong about each other. */
const NET = "latency=45,jitter=15,loss=0.02";
/** Of a match that is played to its end; `npm run soak` asks for longer ones. */
export const TICKS = 60 * Number(process.env.ECHO_NET_MATCH_SECONDS ?? 15);

let rooms = 0;

/** A match of splash in a room of its own. */
export const planOf = (url: string, players: number, more: Partial<Plan> = {}): Plan => ({
  kind: "webrtc",
  url,
  room: `match-${rooms++}`,
  players,
  ticks: TICKS,
  net: NET,
  ...more,
});

/** A tab for each plan, all in one match that runs. */
export async function inTabs(tabs: Tabs<InPage>, plans: readonly Plan[]): Promise<readonly Tab<InPage>[]> {
  const all = await Promise.all(plans.map(() => tabs.open()));
  await Promise.all(all.map((tab, i) => tab.call("join", plans[i]!)));
  return all;
}

export const outcomesOf = (all: readonly Tab<InPage>[]): Promise<Outcome[]> =>
  Promise.all(all.map((tab) => tab.call("outcome")));

export const closeAll = (all: readonly Tab<InPage>[]): Promise<unknown> =>
  Promise.all(all.map((tab) => tab.page.close()));

/** Waits until every tab's match is so far that its final ticks reach `tick`. */
export async function reach(all: readonly Tab<InPage>[], tick: number): Promise<void> {
  for (const tab of all) {
    while (((await tab.call("progress"))?.finalTick ?? 0) < tick) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until every tab's match runs over direct paths. */
export async function directly(all: readonly Tab<InPage>[]): Promise<void> {
  for (const tab of all) {
    while (true) {
      const progress = await tab.call("progress");
      const isDirect = progress?.paths.every(([, state]) => state === "open") === true;
      if (isDirect && progress.finalTick > 30) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
