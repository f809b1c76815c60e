import type { EndedOutput } from "echo-net";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Match, Score } from "../match/match.js";
import { listed, nameOf } from "../match/names.js";
import { endWords } from "../match/words.js";
import { playAgain } from "../state.js";

/** How it ended, and who won. */
export function Ending(props: { match: Match; ended: EndedOutput; onBack: () => void }): JSX.Element {
  const { match, ended, onBack } = props;
  const words = endWords(ended, match.session.peers.find(({ isLocal }) => isLocal)?.slots ?? []);
  const card = useRef<HTMLElement>(null);
  // Not one of its buttons: whoever drops a balloon in the last moment would press it.
  useEffect(() => card.current?.focus(), []);
  return (
    <div class="veil">
      <section
        class="card"
        role="alertdialog"
        aria-labelledby="end-title"
        aria-describedby="end-text"
        tabIndex={-1}
        ref={card}
      >
        <p class="eyebrow">{words.title}</p>
        <h2 id="end-title">{result(match.score.value)}</h2>
        <p id="end-text">{words.text}</p>
        <div class="ways">
          <button type="button" class="main" onClick={() => void playAgain(match)}>
            Play again
          </button>
          <button type="button" onClick={onBack}>
            Back to the lobby
          </button>
          <button type="button" onClick={() => match.journal.download("splash.jsonl")}>
            Keep the journal
          </button>
        </div>
      </section>
    </div>
  );
}

function result(score: Score | undefined): string {
  if (score === undefined || score.leaders.length === 0) return "Nobody scored";
  if (score.leaders.length > 1) return `${listed(score.leaders.map(nameOf))} share it`;
  return `${nameOf(score.leaders[0]!)} wins`;
}
