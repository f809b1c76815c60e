import type { Dice } from "./dice.js";
import { drawNet, type NetBounds } from "./draw-net.js";
import type { Incident } from "./incident.js";

/** Between two things that keep peers apart they have time to meet again. */
const CALM_TICKS = 90;
const LAST_TICK = 1_600;

/** What happens during a match of so many peers, by time. */
export function drawIncidents(dice: Dice, peers: number, bounds: NetBounds): Incident[] {
  const numbers = Array.from({ length: peers }, (_, peer) => peer);
  const anyTick = (): number => dice.whole(30, LAST_TICK);
  const incidents: Incident[] = [];
  if (dice.chance(0.5)) {
    for (let left = dice.whole(1, 4); left > 0; left--) {
      const delayTicks = dice.pick([0, 0, 1, 2, 4, 8, 15, 30, "auto", "auto"] as const);
      incidents.push({ type: "delay", at: anyTick(), peer: dice.pick(numbers), delayTicks });
    }
  }
  if (dice.chance(0.2)) incidents.push({ type: "weather", at: anyTick(), net: drawNet(dice, bounds) });
  for (let at = dice.whole(60, 1_500); at < LAST_TICK && dice.chance(0.6); ) {
    // Half of them last longer than it takes to be called interrupted.
    const forTicks = dice.chance(0.5) ? dice.whole(5, 28) : dice.whole(40, 140);
    if (dice.chance(0.3)) incidents.push({ type: "nap", at, peer: dice.pick(numbers), forTicks });
    else incidents.push({ type: "partition", at, ...drawGroups(dice, numbers), forTicks });
    at += forTicks + CALM_TICKS + dice.whole(0, 400);
  }
  if (peers > 2 && dice.chance(0.08)) {
    const [a, b] = dice.shuffled(numbers);
    incidents.push({ type: "broken-path", at: anyTick(), a: a!, b: b! });
  } else {
    incidents.push(...drawEnd(dice, numbers));
  }
  return incidents.sort((x, y) => x.at - y.at);
}

/** Two groups of which each has somebody: a path, one against all, or halves. */
function drawGroups(
  dice: Dice,
  numbers: readonly number[],
): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const shuffled = dice.shuffled(numbers);
  const a = dice.pick([1, 1, dice.whole(1, numbers.length - 1)]);
  const b = dice.chance(0.3) ? 1 : numbers.length - a;
  return { a: shuffled.slice(0, a), b: shuffled.slice(a, a + b) };
}

/** How the match ends before its time, in some matches. */
function drawEnd(dice: Dice, numbers: readonly number[]): Incident[] {
  const at = dice.whole(1_200, 1_700);
  const [peer, other] = dice.shuffled(numbers) as [number, number];
  const kind = dice.whole(1, 100);
  if (kind <= (numbers.length > 2 ? 16 : 4)) {
    const silence: Incident = { type: "silence", at, peer };
    // Its last words reach some and not others.
    const storm: Incident = { type: "weather", at: at - 30, net: "latency=60,jitter=50,loss=0.3,burst=3" };
    const before = dice.whole(3, 12);
    const cut: Incident = { type: "partition", at: at - before, a: [peer], b: [other], forTicks: before + 9 };
    return dice.pick([[silence], [storm, silence], [cut, silence]]);
  }
  if (kind > 100 - 13) {
    const leave: Incident = { type: "leave", at, peer };
    return dice.pick([
      [leave],
      [leave, { type: "leave", at: at + dice.whole(0, 12), peer: other }],
      [leave, { type: "silence", at: at + dice.whole(1, 40), peer }],
    ]);
  }
  return [];
}
