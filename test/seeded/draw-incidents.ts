import type { Dice } from "./dice.js";
import { drawNet, type NetBounds } from "./draw-net.js";
import type { Incident } from "./incident.js";

/** Between two things that keep peers apart they have time to meet again. */
const CALM_MS = 1_500;

/** What the incidents of a match depend on. */
export interface IncidentBounds extends NetBounds {
  /** How long the match takes at least. */
  readonly lengthMs: number;
  readonly lostMs: number;
}

/** What happens during a match, by time. */
export function drawIncidents(dice: Dice, bounds: IncidentBounds): Incident[] {
  const numbers = Array.from({ length: bounds.peers }, (_, peer) => peer);
  const incidents = drawChanges(dice, numbers, bounds);
  const kind = dice.whole(1, 100);
  if (kind <= 10 && bounds.peers > 2) incidents.push(drawBrokenPath(dice, numbers, bounds));
  else if (kind <= 30) incidents.push(...drawSilence(dice, numbers, bounds));
  else if (kind <= 42) incidents.push(...drawLeave(dice, numbers, bounds));
  else if (kind <= 46) incidents.push(drawParting(dice, numbers, bounds));
  return incidents.sort((x, y) => x.atMs - y.atMs);
}

/** What a match has to get over. */
function drawChanges(dice: Dice, numbers: readonly number[], bounds: IncidentBounds): Incident[] {
  const { lengthMs } = bounds;
  const anyMs = (): number => dice.whole(500, lengthMs);
  const incidents: Incident[] = [];
  if (dice.chance(0.5)) {
    for (let left = dice.whole(1, 4); left > 0; left--) {
      const delayTicks = dice.pick([0, 0, 1, 2, 4, 8, 15, 30, "auto", "auto"] as const);
      incidents.push({ type: "delay", atMs: anyMs(), peer: dice.pick(numbers), delayTicks });
    }
  }
  if (dice.chance(0.2)) incidents.push({ type: "weather", atMs: anyMs(), net: drawNet(dice, bounds) });
  for (let atMs = dice.whole(1_000, lengthMs); atMs < lengthMs - CALM_MS && dice.chance(0.6); ) {
    // Half of them last longer than it takes to be called interrupted.
    const forMs = dice.chance(0.5) ? dice.whole(80, 450) : dice.whole(700, 2_400);
    if (dice.chance(0.3)) incidents.push({ type: "nap", atMs, peer: dice.pick(numbers), forMs });
    else incidents.push({ type: "partition", atMs, ...drawGroups(dice, numbers), forMs });
    atMs += forMs + CALM_MS + dice.whole(0, 6_000);
  }
  return incidents;
}

type Groups = { readonly a: readonly number[]; readonly b: readonly number[] };

/** Two groups of which each has somebody: a path, one against all, or halves. */
function drawGroups(dice: Dice, numbers: readonly number[]): Groups {
  const shuffled = dice.shuffled(numbers);
  const a = dice.pick([1, 1, dice.whole(1, numbers.length - 1)]);
  const b = dice.chance(0.3) ? 1 : numbers.length - a;
  return { a: shuffled.slice(0, a), b: shuffled.slice(a, a + b) };
}

/** A path that breaks beyond `lost`, one way or both, while a third peer hears both ends. */
function drawBrokenPath(dice: Dice, numbers: readonly number[], bounds: IncidentBounds): Incident {
  const [from, to] = dice.shuffled(numbers) as [number, number];
  const atMs = dice.whole(500, bounds.lengthMs - 2_000);
  if (!bounds.relayed && dice.chance(0.4)) return { type: "one-way", atMs, from, to };
  return { type: "partition", atMs, a: [from], b: [to] };
}

const lateMs = (dice: Dice, { lengthMs }: IncidentBounds): number =>
  dice.whole(Math.round(0.6 * lengthMs), Math.round(0.95 * lengthMs));

/** A peer falls silent, and of four or more maybe another one soon after. */
function drawSilence(dice: Dice, numbers: readonly number[], bounds: IncidentBounds): Incident[] {
  const [peer, other] = dice.shuffled(numbers) as [number, number];
  const atMs = lateMs(dice, bounds);
  const silence: Incident = { type: "silence", atMs, peer };
  const next: Incident = { type: "silence", atMs: atMs + dice.whole(0, 3_000), peer: other };
  // Its last words reach some and not others.
  const storm: Incident = { type: "weather", atMs: atMs - 500, net: "latency=60,jitter=50,loss=0.3,burst=3" };
  const beforeMs = dice.whole(50, 200);
  const cut: Incident = {
    type: "partition",
    atMs: atMs - beforeMs,
    a: [peer],
    b: [other],
    forMs: beforeMs + 150,
  };
  const choices = [[silence], [storm, silence], [cut, silence]];
  if (numbers.length > 3) choices.push([silence, next]);
  return dice.pick(choices);
}

/** A peer leaves: alone, with another at about the same time, or without waiting for an answer. */
function drawLeave(dice: Dice, numbers: readonly number[], bounds: IncidentBounds): Incident[] {
  const [peer, other] = dice.shuffled(numbers) as [number, number];
  const atMs = lateMs(dice, bounds);
  const leave: Incident = { type: "leave", atMs, peer };
  return dice.pick([
    [leave],
    [leave, { type: "leave", atMs: atMs + dice.whole(0, 200), peer: other }],
    [leave, { type: "silence", atMs: atMs + dice.whole(20, 700), peer }],
  ]);
}

/** What ends a match differently for some: a peer that sleeps too long, or two halves that never meet again. */
function drawParting(dice: Dice, numbers: readonly number[], bounds: IncidentBounds): Incident {
  const atMs = lateMs(dice, bounds);
  const shuffled = dice.shuffled(numbers);
  const forMs = bounds.lostMs + dice.whole(500, 6_000);
  if (dice.chance(0.5)) return { type: "nap", atMs, peer: shuffled[0]!, forMs };
  const half = dice.whole(1, numbers.length - 1);
  return { type: "partition", atMs, a: shuffled.slice(0, half), b: shuffled.slice(half) };
}
