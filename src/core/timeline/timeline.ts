import type { ChronosTick } from "../base/brand.js";
import { invariant } from "../base/invariant.js";

/** A node of the branch tree: the history that leads to one tick. `Body` is what the session keeps with it. */
export interface TimelineNode<Body> {
  tick: ChronosTick;
  /** Serial number of the local branch on which the node was computed. Appears in traces only. */
  branch: number;
  parent: TimelineNode<Body> | undefined;
  body: Body;
}

/** A line that was predicted, walked and given up: what others overwrite and the debugger shows. */
export interface AbandonedBranch {
  readonly branch: number;
  /** The last tick that it shares with the line that replaced it. */
  readonly lca: ChronosTick;
  /** Its last tick. */
  readonly head: ChronosTick;
  /** The branch that replaced it. */
  readonly replacedBy: number;
}

/** How many abandoned branches are remembered. */
export const ABANDONED_BRANCHES = 64;

/**
 * The branch tree of one peer: one line that is the present, from the oldest node still kept to the head, and the
 * lines that were given up. A rollback forks at the LCA and adopts the fork; nodes and their bodies are reused.
 */
export class Timeline<Body> {
  readonly abandoned: AbandonedBranch[] = [];
  readonly #makeBody: () => Body;
  readonly #free: TimelineNode<Body>[] = [];
  /** The present line, oldest first, in a ring: node of tick t at t modulo its length. */
  #line: (TimelineNode<Body> | undefined)[];
  #oldest: number;
  #head: TimelineNode<Body>;
  #branches = 0;

  constructor(makeBody: () => Body, capacityTicks: number) {
    this.#makeBody = makeBody;
    this.#line = new Array(capacityTicks).fill(undefined);
    this.#head = { tick: 0 as ChronosTick, branch: 0, parent: undefined, body: makeBody() };
    this.#line[0] = this.#head;
    this.#oldest = 0;
  }

  get head(): TimelineNode<Body> {
    return this.#head;
  }

  get oldestTick(): number {
    return this.#oldest;
  }

  /** Nodes kept on the present line. */
  get length(): number {
    return this.#head.tick - this.#oldest + 1;
  }

  /** The present line's node of a tick, or undefined where it was collected or does not exist yet. */
  at(tick: number): TimelineNode<Body> | undefined {
    if (tick < this.#oldest || tick > this.#head.tick) return undefined;
    return this.#line[tick % this.#line.length];
  }

  /** Adds the next tick to the present line and returns its node, whose body is there to be filled. */
  commit(): TimelineNode<Body> {
    const tick = this.#head.tick + 1;
    invariant(tick - this.#oldest < this.#line.length, "the timeline is collected before it is full");
    const node = this.#free.pop() ?? {
      tick: 0 as ChronosTick,
      branch: 0,
      parent: undefined,
      body: this.#makeBody(),
    };
    node.tick = tick as ChronosTick;
    node.branch = this.#branches;
    node.parent = this.#head;
    this.#line[tick % this.#line.length] = node;
    this.#head = node;
    return node;
  }

  /** Takes the node that was committed last off again, as if it had never been. */
  retract(): void {
    const { parent } = this.#head;
    invariant(parent !== undefined, "the oldest node stays");
    this.#release(this.#head);
    this.#head = parent;
  }

  /**
   * Makes `lca` the head again and starts a branch there: the line past it becomes an abandoned branch.
   * The bodies past it are free for reuse from now on.
   */
  fork(lca: number): TimelineNode<Body> {
    const node = this.at(lca);
    invariant(node !== undefined, "the fork's LCA is still kept");
    const from = this.#head;
    this.#branches++;
    this.abandoned.push({
      branch: from.branch,
      lca: node.tick,
      head: from.tick,
      replacedBy: this.#branches,
    });
    if (this.abandoned.length > ABANDONED_BRANCHES) this.abandoned.shift();
    for (let walked: TimelineNode<Body> = from; walked !== node; ) {
      const parent: TimelineNode<Body> | undefined = walked.parent;
      invariant(parent !== undefined, "the LCA is among the head's parents");
      this.#release(walked);
      walked = parent;
    }
    this.#head = node;
    return node;
  }

  /** Forgets the nodes below `tick`, which becomes the oldest. Never touches the head. */
  collect(tick: number): void {
    const oldest = Math.min(tick, this.#head.tick);
    while (this.#oldest < oldest) {
      const node = this.#line[this.#oldest % this.#line.length]!;
      this.#release(node);
      this.#oldest++;
    }
    this.at(this.#oldest)!.parent = undefined;
  }

  #release(node: TimelineNode<Body>): void {
    this.#line[node.tick % this.#line.length] = undefined;
    node.parent = undefined;
    this.#free.push(node);
  }
}

/**
 * The last common ancestor of two nodes, found by walking at most `limitTicks` parents from each;
 * undefined where they share none within that bound.
 */
export function lastCommonAncestor<Body>(
  a: TimelineNode<Body>,
  b: TimelineNode<Body>,
  limitTicks: number,
): TimelineNode<Body> | undefined {
  let left: TimelineNode<Body> | undefined = a;
  let right: TimelineNode<Body> | undefined = b;
  for (let steps = 0; left !== undefined && right !== undefined && steps <= 2 * limitTicks; steps++) {
    if (left === right) return left;
    if (left.tick >= right.tick) left = left.parent;
    else right = right.parent;
  }
  return undefined;
}
