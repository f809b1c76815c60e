import { FETCH_RESEND_MAX_MS, FETCH_RESEND_MIN_MS, FETCH_WINDOW_PARTS } from "../wire/limits.js";

/** How much of a new round trip goes into the known one. */
const ROUND_TRIP_GAIN = 1 / 8;
const FIRST_ROUND_TRIP_MS = 250;
/** Asked for at first, and still on a network that loses most of it. */
const LEAST_WINDOW = 8;
const NARROWING = 3 / 4;
/** Where nothing comes in a whole round trip, it may be longer than it was thought to be. */
const ROUND_TRIP_BACKOFF = 1.5;
/** One that was measured is not much longer: the last parts are asked for often, however many questions are lost. */
const MOST_BACKOFF = 2;

/**
 * Decides when to ask for which part: the lowest missing ones first, as many at a time as the network has shown to
 * carry. Each part that comes widens the window by one; loss narrows it by a quarter, at most once a round trip.
 */
export class FetchPace {
  /** When each part was asked for last; −∞ where it was not, NaN where it is there. */
  readonly #askedMs: Float64Array;
  /** Whether each was asked for more than once, so that its answer tells no round trip. */
  readonly #repeated: Uint8Array;
  #missing: number;
  /** All parts before are there. */
  #first = 0;
  #window: number = LEAST_WINDOW;
  /** Whether a part has come since the window was narrowed. */
  #anyArrived = false;
  #narrowedMs = Number.NEGATIVE_INFINITY;
  /** As parts that were asked for once have shown it, if any has; and as it is taken to be while nothing comes. */
  #measuredMs: number | undefined;
  #roundTripMs = FIRST_ROUND_TRIP_MS;
  #longestMs = FETCH_RESEND_MAX_MS / 2;

  /** `count` parts, of which the first was asked for already, some time ago. */
  constructor(count: number) {
    this.#askedMs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#repeated = new Uint8Array(count);
    this.#repeated[0] = 1;
    this.#missing = count;
  }

  get complete(): boolean {
    return this.#missing === 0;
  }

  /** Takes note of a part that came; whether it was wanted and had been missing. */
  arrived(part: number, nowMs: number): boolean {
    const askedMs = this.#askedMs[part];
    const isWanted =
      askedMs !== undefined &&
      !Number.isNaN(askedMs) &&
      (askedMs > Number.NEGATIVE_INFINITY || this.#repeated[part] === 1);
    if (!isWanted) return false;
    if (this.#repeated[part] === 0) {
      const tookMs = nowMs - askedMs;
      this.#measuredMs ??= tookMs;
      this.#measuredMs += (tookMs - this.#measuredMs) * ROUND_TRIP_GAIN;
      this.#roundTripMs = this.#measuredMs;
      this.#longestMs = Math.min(FETCH_RESEND_MAX_MS / 2, this.#measuredMs * MOST_BACKOFF);
    }
    this.#anyArrived = true;
    this.#askedMs[part] = Number.NaN;
    this.#missing--;
    while (this.#first < this.#askedMs.length && Number.isNaN(this.#askedMs[this.#first]!)) this.#first++;
    this.#window = Math.min(FETCH_WINDOW_PARTS, this.#window + 1);
    return true;
  }

  /** The parts to ask for now, which count as asked for. */
  due(nowMs: number): number[] {
    const overdueMs = nowMs - this.#patienceMs();
    let [underWay, lost] = [0, 0];
    for (let part = this.#first; part < this.#askedMs.length; part++) {
      const askedMs = this.#askedMs[part]!;
      if (askedMs > overdueMs) underWay++;
      else if (askedMs > Number.NEGATIVE_INFINITY) lost++;
    }
    if (lost > 0) this.#narrow(nowMs);
    const parts: number[] = [];
    for (let part = this.#first; part < this.#askedMs.length; part++) {
      if (underWay + parts.length >= Math.floor(this.#window)) break;
      const askedMs = this.#askedMs[part]!;
      if (!(askedMs <= overdueMs)) continue;
      if (askedMs > Number.NEGATIVE_INFINITY) this.#repeated[part] = 1;
      this.#askedMs[part] = nowMs;
      parts.push(part);
    }
    return parts;
  }

  #narrow(nowMs: number): void {
    if (nowMs - this.#narrowedMs < this.#roundTripMs) return;
    this.#narrowedMs = nowMs;
    this.#window = Math.max(LEAST_WINDOW, this.#window * NARROWING);
    if (!this.#anyArrived) {
      this.#roundTripMs = Math.min(this.#longestMs, this.#roundTripMs * ROUND_TRIP_BACKOFF);
    }
    this.#anyArrived = false;
  }

  #patienceMs(): number {
    return Math.min(FETCH_RESEND_MAX_MS, Math.max(FETCH_RESEND_MIN_MS, 2 * this.#roundTripMs));
  }
}
