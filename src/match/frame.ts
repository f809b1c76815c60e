import type { Slot } from "../core/base/brand.js";
import type { View } from "../core/session/view.js";
import type { DefinedGame } from "../game/define-game.js";
import type { EffectDeclarations } from "../game/spec.js";
import type { GameOutput } from "./match-session.js";

/** What a game's `render(context, frame)` is given to draw one frame of one player's screen. */
export interface FrameOf<State, Effects extends EffectDeclarations> extends View<State> {
  /** Whose screen this is. */
  readonly slot: Slot;
  /** What the session told since the frame before: effects to begin, to end or to take back. */
  readonly outputs: readonly GameOutput<Effects>[];
  /** Of the picture, in the context's own units. */
  readonly width: number;
  readonly height: number;
  /** What `render` likes to remember from frame to frame, of this screen alone: `{}` at first. */
  local: any;
}

/** The frames of a game: `Frame<typeof game>`. */
export type Frame<Game = DefinedGame<any, any, any, any>> =
  Game extends DefinedGame<any, infer Effects, infer State, any> ? FrameOf<State, Effects> : never;
