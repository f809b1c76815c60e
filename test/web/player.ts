/** One player of a match that is met in a room: the same in a page of a browser and in Node. */
import { type JoinOptions, joinMatch, type MatchSession } from "echo-net";
import { emulated } from "echo-net/testing";
import { type WebRtcOption, type WebRtcOptions, webrtc } from "echo-net/webrtc";
import { type RoomCounts, type RoomOption, websocket } from "echo-net/websocket";
import splash from "../../examples/splash/game.js";

/** For a path to open, however slow the machine. */
const PATIENCE_MS = 60_000;

export interface Plan {
  readonly kind: "webrtc" | "websocket";
  /** Of the server. */
  readonly url: string;
  readonly room: string;
  readonly players: number;
  readonly ticks: number;
  /** The emulated network from this player to the others. */
  readonly net: string;
  readonly rtc?: Omit<WebRtcOptions, "signaling" | "room">;
}

export interface Progress {
  readonly slot: number;
  readonly tick: number;
  readonly finalTick: number;
  readonly rollbacks: number;
  readonly counts: RoomCounts;
  /** How the direct path to each other member stands. */
  readonly paths: readonly (readonly [number, string])[];
  readonly findings: readonly string[];
}

export interface Outcome extends Progress {
  readonly ended: string;
  readonly journal: string;
}

/** A frame of a page, or about as long in Node. */
const frame = (): Promise<number> =>
  new Promise((resolve) => {
    if (typeof requestAnimationFrame === "function") requestAnimationFrame(resolve);
    else setTimeout(() => resolve(performance.now()), 12);
  });

export class Player {
  readonly #option: RoomOption;
  readonly #session: MatchSession;
  readonly #lines: string[];
  /** Settles when the match has ended and was left. */
  readonly outcome: Promise<Outcome>;

  private constructor(option: RoomOption, session: MatchSession, lines: string[]) {
    this.#option = option;
    this.#session = session;
    this.#lines = lines;
    this.outcome = this.#play();
  }

  static async join(plan: Plan, more: Partial<JoinOptions> = {}): Promise<Player> {
    const { kind, url, room, players, ticks, net, rtc } = plan;
    const option =
      kind === "webrtc"
        ? webrtc({ pathTimeoutMs: PATIENCE_MS, ...rtc, signaling: url, room, players })
        : websocket({ url, room, players });
    const lines: string[] = [];
    const session = await joinMatch(splash, {
      transport: emulated(option, net, room),
      players,
      ticks,
      inputDelayTicks: 0,
      journal: { line: (text) => void lines.push(text) },
      ...more,
    });
    return new Player(option, session, lines);
  }

  get progress(): Progress {
    const { tick, finalTick, rollbacks } = this.#session.stats();
    return {
      slot: this.#session.slot,
      tick,
      finalTick,
      rollbacks,
      counts: this.#option.transport!.counts,
      paths: [...((this.#option as Partial<WebRtcOption>).paths ?? [])],
      findings: this.#option.diagnose().map(({ reason }) => reason),
    };
  }

  get journal(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  async #play(): Promise<Outcome> {
    while (this.#session.ended === undefined) {
      const nowMs = await frame();
      for (const out of this.#session.update(nowMs)) {
        if (out.type === "desync" || out.type === "fault") throw new Error(JSON.stringify(out));
      }
    }
    // As the match was played: leaving closes the paths.
    const { progress } = this;
    await this.#session.leave();
    return { ...progress, ended: this.#session.ended, journal: this.journal };
  }
}
