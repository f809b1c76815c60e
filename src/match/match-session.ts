/// <reference lib="esnext.disposable" preserve="true" />
import type { Slot } from "../core/base/brand.js";
import { EchoNetError } from "../core/base/errors.js";
import type { EmittedOf } from "../core/envelope/declare.js";
import type { Fields, PayloadOfFields } from "../core/envelope/field-type.js";
import type { EffectOutput, EndedOutput, Output } from "../core/session/outputs.js";
import type { Session } from "../core/session/session.js";
import type { SessionStats } from "../core/session/stats.js";
import type { View } from "../core/session/view.js";
import type { EffectDeclarations, EventDeclarations } from "../game/spec.js";
import type { TransportOption } from "../transports/transport-option.js";
import type { Background } from "./background.js";
import { HeldOutputs } from "./held-outputs.js";
import type { Opening } from "./opening.js";

/** How long leaving waits for the others to take notice, in milliseconds. */
const LEAVE_TIMEOUT_MS = 5_000;
/** In how many datagrams the others are told of it at once: one may be lost, or have no room for the word. */
const FAREWELLS_AT_ONCE = 3;

/** What `update` tells, with the game's own effects. */
export type GameOutput<Effects extends Readonly<Record<string, Fields>>> =
  | Exclude<Output, EffectOutput>
  | { [Name in keyof Effects & string]: EffectOutput<Name, PayloadOfFields<Effects[Name]>> }[keyof Effects &
      string];

/** One end of a match. */
export interface MatchPeer {
  /** The slots that are played there; none at an end that only carries the match. */
  readonly slots: readonly Slot[];
  readonly isLocal: boolean;
}

/** A running match, in the game's own types. */
export interface MatchSession<
  Events extends EventDeclarations = any,
  Effects extends EffectDeclarations = any,
  State = any,
  Device = any,
> extends AsyncDisposable {
  /** The first slot that is played at this end. */
  readonly slot: Slot;
  /** All slots of the match. */
  readonly slots: readonly Slot[];
  /** Who plays at which end, in the roster's order, by which `stats` numbers peers. */
  readonly peers: readonly MatchPeer[];
  /** The match's last tick; undefined where it has none. */
  readonly ticks: number | undefined;
  /** What others needed to join; undefined at who was invited. */
  readonly invite: string | undefined;
  /** Why the match ended, once it has. */
  readonly ended: EndedOutput["reason"] | undefined;
  /**
   * What the player's device says from now on: the game's `input` is handed it in every tick, until it is set anew.
   * `slot` is one that is played at this end, `this.slot` where left out; any other throws `EchoNetError` INPUT_INVALID,
   * here and in `emit`.
   */
  setInput(device: Device, slot?: Slot): void;
  /**
   * Sends an event by itself, without `input`, in the next tick of that slot that is not on its way yet. One that does
   * not fit its declaration, or is one too many for its tick, is told as a `refused` output.
   */
  emit<Kind extends keyof Events & string>(kind: Kind, payload: EmittedOf<Events[Kind]>, slot?: Slot): void;
  /**
   * Runs what is due at `nowMs` and tells what happened, in order. Any clock will do that counts milliseconds and
   * never goes back: `performance.now()`, or what `requestAnimationFrame` hands out. Throws `EchoNetError`
   * INPUT_INVALID for what is no number, and once what a journal or trace threw; the next call tells what happened.
   * What ran by itself while the page was hidden is told first, within bounds.
   */
  update(nowMs: number): readonly GameOutput<Effects>[];
  /** What to draw now. Its states are valid until the next `update`: copy what is kept, change nothing in them. */
  view(): View<State>;
  /** 0 to 30 ticks, or `auto`, from the next tick on. Throws `EchoNetError` INPUT_INVALID for any other number. */
  setInputDelay(delayTicks: number | "auto"): void;
  /** Counts since the match began, and what is held now. */
  stats(): SessionStats;
  /**
   * Announces that this end leaves, before it returns; waits until the others know, and closes the transport. Rejects
   * with what a journal or trace throws meanwhile.
   */
  leave(): Promise<void>;
}

/** The match of an opening that has ended in a session. It goes on by itself while the page is hidden. */
export class RunningMatch implements MatchSession {
  readonly #opening: Opening;
  readonly #session: Session;
  readonly #background: Background;
  readonly #transport: TransportOption;
  /** From the caller's clock to ours, which the match has been opened by. */
  #offsetMs: number | undefined;
  /** What happened while the page was hidden. */
  readonly #unseen = new HeldOutputs();
  /** What was thrown meanwhile, the first of it. */
  #thrown: { readonly error: unknown } | undefined;

  constructor(opening: Opening, session: Session, background: Background, transport: TransportOption) {
    this.#opening = opening;
    this.#session = session;
    this.#background = background;
    this.#transport = transport;
    session.setAway(background.hidden);
    background.onTurn = (hidden) => session.setAway(hidden);
    background.onTick = () => this.#tickUnseen();
  }

  get slot(): Slot {
    return this.#session.slot;
  }

  get slots(): readonly Slot[] {
    return this.#session.slots;
  }

  get peers(): readonly MatchPeer[] {
    const { identity, localSlots } = this.#session;
    return identity.roster.map(({ slots }) => ({ slots, isLocal: slots === localSlots }));
  }

  get ticks(): number | undefined {
    return this.#session.identity.manifest.ticks ?? undefined;
  }

  get invite(): string | undefined {
    return this.#opening.invite;
  }

  get ended(): EndedOutput["reason"] | undefined {
    return this.#session.ended?.reason;
  }

  setInput(device: unknown, slot?: Slot): void {
    this.#session.setInput(device, slot);
  }

  emit(kind: string, payload: unknown, slot?: Slot): void {
    this.#session.emit(kind, payload, slot);
  }

  update(nowMs: number): readonly Output[] {
    if (!Number.isFinite(nowMs)) {
      throw new EchoNetError("INPUT_INVALID", `update takes the time in milliseconds, not ${nowMs}`);
    }
    this.#offsetMs ??= performance.now() - nowMs;
    if (this.#thrown !== undefined) {
      const { error } = this.#thrown;
      this.#thrown = undefined;
      throw error;
    }
    const outputs = this.#update(nowMs + this.#offsetMs);
    return this.#unseen.size === 0 ? outputs : [...this.#unseen.take(), ...outputs];
  }

  /** Nobody would catch what is thrown here. */
  #tickUnseen(): void {
    try {
      this.#unseen.add(this.#update(performance.now()));
    } catch (error) {
      this.#thrown ??= { error };
    }
  }

  #update(ownMs: number): readonly Output[] {
    this.#opening.update(ownMs);
    return this.#session.update(ownMs);
  }

  view(): View {
    return this.#session.view();
  }

  setInputDelay(delayTicks: number | "auto"): void {
    this.#session.setInputDelay(delayTicks);
  }

  stats(): SessionStats {
    return this.#session.stats();
  }

  async leave(): Promise<void> {
    this.#transport.leaving?.();
    this.#session.leave();
    const untilMs = performance.now() + LEAVE_TIMEOUT_MS;
    try {
      this.#tellAtOnce();
      while (!this.#session.done && performance.now() < untilMs) {
        this.#update(performance.now());
        await this.#background.pause();
      }
    } finally {
      this.#background.close();
      this.#session.close();
    }
  }

  /** A session sends once a tick, and a page that is being closed runs no further: the next ticks' turns are now. */
  #tellAtOnce(): void {
    const nowMs = performance.now();
    const tickMs = 1000 / this.#session.identity.manifest.tickHz;
    for (let tick = 1; tick <= FAREWELLS_AT_ONCE; tick++) this.#session.update(nowMs + tick * tickMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.leave();
  }
}
