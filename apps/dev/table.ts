import type { Game, GameOutput } from "echo-net";
import { createTestMatch, type TestMatch } from "echo-net/testing";
import { keepSettings, type Settings, showControls } from "./controls.js";
import { Happenings } from "./happenings.js";
import { followKeys, KEY_NAMES } from "./keys.js";
import type { LoadedGame } from "./load.js";
import { hideProblem, problemOf, showProblem } from "./overlay.js";
import { Pane } from "./pane.js";

/** A page that was hidden or busy goes on where it was: the match's time is its own. */
const LONGEST_FRAME_MS = 100;
/** How often the two are compared for the line above them, and asked for remarks, in frames. */
const COMPARING_FRAMES = 30;

type Ended = Extract<GameOutput<any>, { type: "ended" }>;

const element = <Kind extends HTMLElement>(id: string): Kind => document.querySelector<Kind>(`#${id}`)!;
const happenings = new Happenings(element("log"));
const agreement = element("agreement");

/** The two players, their match and the controls above them. */
export class Table {
  readonly #game: Game;
  readonly #settings: Settings;
  readonly #panes: readonly Pane[];
  readonly #hints: readonly string[];
  #match: TestMatch | undefined;
  /** Why the match is over, in words; undefined while it goes on. */
  #end: string | undefined;
  /** What the game threw last. */
  #fault: unknown;
  #seed = 1;
  #lastMs = 0;
  #frames = 0;
  #nextFrame = 0;

  /** `hints`: what looks like a slip in the game's scripts. */
  constructor({ game, looks }: LoadedGame, settings: Settings, hints: readonly string[]) {
    this.#game = game;
    this.#settings = settings;
    this.#hints = hints;
    const held = followKeys();
    this.#panes = KEY_NAMES.map((keys, player) => {
      const bot = document.createElement("input");
      bot.type = "checkbox";
      bot.checked = settings.bots[player]!;
      bot.addEventListener("change", () => {
        settings.bots[player] = bot.checked;
        keepSettings(settings);
        bot.blur();
      });
      return new Pane(`player ${player}: ${keys}`, looks, held[player]!, bot);
    });
    element("panes").append(...this.#panes.map((pane) => pane.element));
    showControls(element<HTMLFormElement>("controls"), settings, (what) => this.#changed(what));
  }

  #changed(what: "net" | "delay" | "mode" | "restart"): void {
    keepSettings(this.#settings);
    const { net, inputDelayTicks } = this.#settings;
    if (what === "net") this.#match?.setNet(net);
    else if (what === "delay")
      for (const peer of this.#match?.peers ?? []) peer.setInputDelay(inputDelayTicks);
    else this.begin();
  }

  /** A match from its beginning; also after one that what the game threw has stopped. */
  begin(): void {
    cancelAnimationFrame(this.#nextFrame);
    hideProblem();
    this.#guarded(() => this.#makeMatch());
  }

  /** Runs what the game may throw in, and goes on with the next frame if it does not. */
  #guarded(code: () => void): void {
    try {
      code();
      this.#nextFrame = requestAnimationFrame(this.#frame);
    } catch (error) {
      void problemOf(error).then(showProblem);
    }
  }

  #makeMatch(): void {
    const { mode, net, inputDelayTicks } = this.#settings;
    this.#end = undefined;
    happenings.clear();
    for (const hint of this.#hints) happenings.hint(hint);
    for (const pane of this.#panes) pane.begin();
    this.#match = createTestMatch(this.#game, {
      ...{ peers: this.#panes.length, seed: this.#seed++, mode, inputDelayTicks },
      input: (slot) => this.#panes[slot]!.device(),
      onOutput: (player, output) => {
        this.#panes[player]!.take(output);
        happenings.take(`player ${player}`, output);
        if (output.type === "fault") this.#fault = output.error;
        if (output.type === "ended") this.#ended(output);
      },
    });
    this.#match.setNet(net);
  }

  #ended({ reason, chronos }: Ended): void {
    const why = reason === "game-fault" ? "the game itself failed" : reason;
    this.#end = `${why}: the match ended at tick ${chronos}`;
    if (reason === "game-fault") void problemOf(this.#fault).then(showProblem);
  }

  readonly #frame = (nowMs: number): void => {
    const passedMs = Math.max(0, Math.min(LONGEST_FRAME_MS, nowMs - this.#lastMs));
    this.#lastMs = nowMs;
    this.#guarded(() => this.#runAndDraw(this.#match!, passedMs));
  };

  #runAndDraw(match: TestMatch, passedMs: number): void {
    match.runTicks(passedMs / match.tickMs);
    const finalTick = Math.min(...match.peers.map((peer) => peer.finalTick));
    this.#panes.forEach((pane, player) => {
      pane.draw(match.peers[player]!, finalTick);
    });
    if (this.#frames++ % COMPARING_FRAMES === 0) this.#compare(match, finalTick);
  }

  #compare(match: TestMatch, finalTick: number): void {
    const peer = match.peers[0]!;
    for (const remark of peer.remarks) happenings.remark(remark, peer.tick);
    const wrong = match.disagreement?.message ?? this.#end;
    agreement.classList.toggle("differs", wrong !== undefined);
    agreement.textContent = wrong ?? `both hold the same state up to tick ${finalTick}`;
  }
}
