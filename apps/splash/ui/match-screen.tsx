import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { Hands } from "../match/device.js";
import type { Match } from "../match/match.js";
import { nameOf } from "../match/names.js";
import { isPanelOpen, toLobby } from "../state.js";
import { Ending } from "./ending.js";
import { NetworkPanel } from "./network-panel.js";
import { Scoreboard } from "./scoreboard.js";
import { Stage } from "./stage.js";
import { TouchPad } from "./touch-pad.js";

const PANEL_KEY = "KeyN";

export function MatchScreen({ match }: { match: Match }): JSX.Element {
  const hands = useMemo(() => new Hands(), []);
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    hands.listen(signal);
    addEventListener(
      "keydown",
      ({ code, target }) => {
        if (code === PANEL_KEY && !(target instanceof HTMLInputElement))
          isPanelOpen.value = !isPanelOpen.value;
      },
      { signal },
    );
    return () => {
      listening.abort();
      void match.leave();
    };
  }, [match, hands]);
  const { ended, trouble } = match;
  return (
    <main class={isPanelOpen.value ? "match with-panel" : "match"}>
      <h1 class="unseen">A match of Splash</h1>
      <div class="play">
        <Scoreboard match={match} />
        {trouble.value !== undefined && (
          <p class="trouble" role="alert">
            <strong>{trouble.value.title}.</strong> {trouble.value.text}
          </p>
        )}
        <div class="arena">
          <div class="board">
            <Stage match={match} hands={hands} label={`The board. You are ${nameOf(match.player ?? 0)}.`} />
            {ended.value !== undefined && <Ending match={match} ended={ended.value} onBack={toLobby} />}
          </div>
        </div>
        <TouchPad hands={hands} />
        <footer class="below">
          <p class="keys">
            <kbd>←↑↓→</kbd> walk <kbd>Space</kbd> drop <kbd>E</kbd> take <kbd>C</kbd> cheer
          </p>
          <div>
            <button
              type="button"
              class="quiet"
              aria-expanded={isPanelOpen.value}
              aria-controls="network"
              onClick={() => (isPanelOpen.value = !isPanelOpen.value)}
            >
              Network <kbd>N</kbd>
            </button>
            <button type="button" class="quiet" onClick={toLobby}>
              Leave
            </button>
          </div>
        </footer>
      </div>
      {isPanelOpen.value && <NetworkPanel match={match} />}
    </main>
  );
}
