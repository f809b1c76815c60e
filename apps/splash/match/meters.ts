import type { MatchSession, RollbackOutput, SessionStats } from "echo-net";

/** Ticks that the strip of rollbacks shows: five seconds. */
export const STRIP_TICKS = 300;
const TICK_MS = 1000 / 60;
/** New samples count for this share of the smoothed figures. */
const BLEND = 0.02;
/** Loss is counted over so many samples, which are a quarter of a second each. */
const LOSS_SAMPLES = 20;

/** What is known of the path to one other peer. */
export interface PathFigures {
  /** Round trip and how much it varies, smoothed, in milliseconds. */
  readonly rttMs: number;
  readonly jitterMs: number;
  /** Share of their datagrams that did not arrive, over the last five seconds. */
  readonly loss: number;
  readonly leadTicks: number;
}

/** How a match goes, as the panel shows it. */
export interface Figures {
  readonly stats: SessionStats;
  /** By peer: undefined for this one. */
  readonly paths: ReadonlyMap<number, PathFigures>;
  readonly finalTick: number;
  readonly finalHash: string;
  readonly frames: number;
  /** Of those, the ones in which no tick could run. */
  readonly framesWaiting: number;
  readonly cancelledEffects: number;
}

class PathMeter {
  rttMs: number | undefined;
  jitterMs = 0;
  readonly #counts: { readonly sent: number; readonly received: number }[] = [];

  sample(roundTripTicks: number): void {
    const ms = roundTripTicks * TICK_MS;
    this.rttMs ??= ms;
    this.jitterMs += BLEND * (Math.abs(ms - this.rttMs) - this.jitterMs);
    this.rttMs += BLEND * (ms - this.rttMs);
  }

  count(sent: number, received: number): void {
    this.#counts.push({ sent, received });
    if (this.#counts.length > LOSS_SAMPLES) this.#counts.shift();
  }

  get loss(): number {
    const [first, last] = [this.#counts[0], this.#counts.at(-1)];
    if (first === undefined || last === undefined || last.sent <= first.sent) return 0;
    return Math.max(0, 1 - (last.received - first.received) / (last.sent - first.sent));
  }
}

/** Reads a session's figures and keeps what only shows over time. */
export class Meters {
  /** By tick modulo its length: how deep the rollback was that reached the head there; 0 for none. */
  readonly strip: Uint8Array = new Uint8Array(STRIP_TICKS);
  /** The newest tick of the strip. */
  stripTick = 0;
  frames = 0;
  /** Frames that were drawn while no tick could run, since others were waited for. */
  framesWaiting = 0;
  #stalledTicks = 0;
  readonly #session: MatchSession;
  readonly #paths = new Map<number, PathMeter>();

  constructor(session: MatchSession) {
    this.#session = session;
  }

  /** A frame was drawn, whose head is `tick`. */
  frame(tick: number, rollbacks: readonly RollbackOutput[]): void {
    this.frames++;
    for (let at = this.stripTick + 1; at <= tick; at++) this.strip[at % STRIP_TICKS] = 0;
    this.stripTick = Math.max(this.stripTick, tick);
    for (const { from, depthTicks } of rollbacks) {
      const at = from % STRIP_TICKS;
      this.strip[at] = Math.max(this.strip[at]!, depthTicks);
    }
    const { stalledTicks, links } = this.#session.stats();
    if (stalledTicks > this.#stalledTicks) this.framesWaiting++;
    this.#stalledTicks = stalledTicks;
    for (const { peer, roundTripTicks } of links) this.#pathTo(peer).sample(roundTripTicks);
  }

  /** For the panel, a few times a second. */
  read(final: { readonly tick: number; readonly hash: string }, cancelledEffects: number): Figures {
    const stats = this.#session.stats();
    const paths = new Map<number, PathFigures>();
    for (const link of stats.links) {
      const meter = this.#pathTo(link.peer);
      meter.count(link.datagramsOwed, link.datagramsReceived);
      const { rttMs = 0, jitterMs, loss } = meter;
      paths.set(link.peer, { rttMs, jitterMs, loss, leadTicks: link.leadTicks });
    }
    const { frames, framesWaiting } = this;
    return {
      stats,
      paths,
      finalTick: final.tick,
      finalHash: final.hash,
      frames,
      framesWaiting,
      cancelledEffects,
    };
  }

  #pathTo(peer: number): PathMeter {
    let meter = this.#paths.get(peer);
    if (meter === undefined) {
      meter = new PathMeter();
      this.#paths.set(peer, meter);
    }
    return meter;
  }
}
