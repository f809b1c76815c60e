import { vi } from "vitest";
import { Engine } from "./engine.js";
import { Hall } from "./hall.js";
import { Lanes, settled } from "./lanes.js";
import { Member, PATH_MS } from "./member.js";

const ACTS = 25;
const STEPS_AFTER_ACT_MAX = 40;
const MEMBERS_MAX = 8;

/** Members of a few rooms who come and go, while what they and their server do takes as long as the seed lets it. */
export class Scene {
  readonly engine: Engine;
  readonly hall: Hall;
  readonly members: Member[] = [];
  /** Nothing but coming, leaving and calling off happened: all paths must open. */
  readonly isCalm: boolean;
  restarts = 0;
  readonly #lanes: Lanes;
  readonly #rooms: readonly (string | undefined)[];
  readonly #players: number;
  /** Pairs without addresses that work. */
  readonly #blocked = new Set<string>();

  constructor(seed: number) {
    this.#lanes = new Lanes(seed);
    const { dice } = this.#lanes;
    this.isCalm = dice.chance(0.4);
    this.engine = new Engine(this.#lanes, (one, other) => this.#blocked.has(pairOf(one, other)));
    this.hall = new Hall(this.#lanes);
    this.#rooms = dice.pick([[undefined], ["a"], ["a", "b"]]);
    this.#players = dice.whole(2, MEMBERS_MAX);
  }

  /** Members that are in. */
  get present(): readonly Member[] {
    return this.members.filter(({ state }) => state === "open");
  }

  /** Plays until nothing is under way, and every path has had its time. */
  async play(): Promise<void> {
    const { dice } = this.#lanes;
    const acts = [...this.#calmActs(), ...(this.isCalm ? [] : this.#roughActs())];
    const steps = dice.whole(1, STEPS_AFTER_ACT_MAX);
    for (let left = ACTS; left > 0; left--) {
      dice.pick(acts)();
      await settled();
      for (let step = dice.whole(0, steps); step > 0; step--) await this.#lanes.step();
    }
    await this.#lanes.untilIdle();
    if (!this.isCalm) await this.passes(PATH_MS);
  }

  /** Lets time pass, and what it brings. */
  async passes(ms: number): Promise<void> {
    vi.advanceTimersByTime(ms);
    await settled();
    await this.#lanes.untilIdle();
  }

  /** What everybody hears of each other now. */
  async hearAll(): Promise<void> {
    for (const member of this.members) member.receive();
    for (const { heard } of this.members) heard.clear();
    for (const member of this.present) member.sendToAll(this.present);
    await this.#lanes.untilIdle();
    for (const member of this.members) member.receive();
  }

  #any<Item>(items: readonly Item[]): Item | undefined {
    return items.length === 0 ? undefined : this.#lanes.dice.pick(items);
  }

  #calmActs(): readonly (() => void)[] {
    const come = (): void => this.#come();
    return [
      ...[come, come, come, come, come],
      () => this.#any(this.present)?.leave(),
      () => this.#any(this.members)?.leave(),
      () => this.#any(this.members)?.calling.abort(new Error("called off")),
      () => this.#any(this.present.filter(({ option }) => option.role === "host"))?.option.begun(),
      () => {
        // Also to those who have left.
        for (const member of this.present) member.sendToAll(this.members);
        for (const member of this.present) member.receive();
      },
    ];
  }

  #roughActs(): readonly (() => void)[] {
    const { dice } = this.#lanes;
    return [
      () => this.#any(this.members)?.socket.breaks(),
      () => this.#any(this.engine.open)?.fails(),
      () => this.#any(this.engine.open)?.isCut(),
      () => vi.advanceTimersByTime(dice.whole(1, PATH_MS / 2)),
      () => {
        if (!dice.chance(0.3)) return;
        this.restarts++;
        this.hall.restart();
      },
    ];
  }

  #come(): void {
    if (this.members.filter(({ state }) => state === "opening" || state === "open").length >= MEMBERS_MAX)
      return;
    const { dice } = this.#lanes;
    const number = this.members.length;
    if (!this.isCalm && dice.chance(0.1)) {
      for (const other of this.members) this.#blocked.add(pairOf(number, other.number));
    }
    const plain = !this.isCalm && dice.chance(0.1);
    const terms = { room: dice.pick(this.#rooms), players: this.#players, plain };
    this.members.push(new Member(number, terms, this.hall, this.engine));
  }
}

const pairOf = (one: number, other: number): string => [one, other].sort().join();
