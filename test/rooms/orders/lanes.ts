import { Dice } from "../../seeded/dice.js";

/** What is under way: tasks in lanes. The first of any lane may be next, and those of one lane stay in their order. */
export class Lanes {
  readonly dice: Dice;
  readonly #lanes = new Map<string, (() => void)[]>();

  constructor(seed: number) {
    this.dice = new Dice("orders", seed);
  }

  get isIdle(): boolean {
    return this.#lanes.size === 0;
  }

  add(lane: string, task: () => void): void {
    const tasks = this.#lanes.get(lane);
    if (tasks === undefined) this.#lanes.set(lane, [task]);
    else tasks.push(task);
  }

  /** A promise that is settled when its turn has come. */
  promise<Value>(lane: string, settle: () => Value): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.add(lane, () => {
        try {
          resolve(settle());
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  /** Runs one task of those that may be next. */
  async step(): Promise<void> {
    if (this.isIdle) return;
    const lane = this.dice.pick([...this.#lanes.keys()]);
    const tasks = this.#lanes.get(lane)!;
    const task = tasks.shift()!;
    if (tasks.length === 0) this.#lanes.delete(lane);
    task();
    await settled();
  }

  async untilIdle(): Promise<void> {
    while (!this.isIdle) await this.step();
  }
}

/** Lets all that waits for promises run on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 12; turn++) await undefined;
}
