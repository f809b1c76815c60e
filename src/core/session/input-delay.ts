import { EchoNetError } from "../base/errors.js";

/** Most ticks that a local sample may be delayed. */
export const INPUT_DELAY_MAX_TICKS = 30;
/** How long a lower delay must have been enough before it is taken. */
const QUIET_TICKS = 300;

/**
 * How far ahead of the head local samples are stamped. Fixed by the player, or `auto`: it follows the worst 99th
 * percentile of what other peers report about how late our events reach them, up at once, down after a quiet time.
 * Reports count as if there were no delay, so that an old report does not raise the delay twice.
 */
export class InputDelay {
  ticks: number;
  #auto: boolean;
  #quietTicks = 0;
  /** Lateness that the mode hides by itself: predicted ticks in rollback, none in lockstep. */
  readonly #hiddenTicks: number;

  constructor(choice: number | "auto", windowTicks: number) {
    this.#auto = choice === "auto";
    this.ticks = choice === "auto" ? 0 : choice;
    this.#hiddenTicks = Math.floor(windowTicks / 2);
  }

  set(choice: number | "auto"): void {
    this.#auto = choice === "auto";
    this.#quietTicks = 0;
    if (choice !== "auto") this.ticks = choice;
  }

  /** Once a tick, with the worst lateness that any peer reports, in ticks as if the delay were 0. */
  follow(worstLatenessTicks: number): void {
    if (!this.#auto) return;
    const wanted = Math.min(INPUT_DELAY_MAX_TICKS, Math.max(0, worstLatenessTicks - this.#hiddenTicks));
    if (wanted > this.ticks) {
      this.ticks = wanted;
      this.#quietTicks = 0;
    } else if (wanted < this.ticks) {
      this.#quietTicks++;
      if (this.#quietTicks >= QUIET_TICKS) {
        this.ticks--;
        this.#quietTicks = 0;
      }
    } else {
      this.#quietTicks = 0;
    }
  }
}

/** Throws `EchoNetError` `INPUT_INVALID` for what is no delay. */
export function checkedDelay(delayTicks: number | "auto"): number | "auto" {
  if (
    delayTicks === "auto" ||
    (Number.isInteger(delayTicks) && delayTicks >= 0 && delayTicks <= INPUT_DELAY_MAX_TICKS)
  ) {
    return delayTicks;
  }
  throw new EchoNetError(
    "INPUT_INVALID",
    `the input delay is "auto" or 0 to ${INPUT_DELAY_MAX_TICKS} ticks, not ${delayTicks}`,
  );
}
