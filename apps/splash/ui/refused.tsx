import type { JSX } from "preact";
import type { Words } from "../match/words.js";
import { openAgain, playSolo } from "../state.js";

/** Why there is no match, in words, and what else can be done. */
export function Refused(props: { words: Words; room: string | undefined; onBack: () => void }): JSX.Element {
  const { words, room, onBack } = props;
  return (
    <main class="room">
      <section class="card" role="alert">
        <h1>{words.title}</h1>
        <p class="lead">{words.text}</p>
        <div class="ways">
          <button type="button" class="main" onClick={onBack}>
            Back to the lobby
          </button>
          {room !== undefined && (
            <button type="button" onClick={() => void openAgain(room)}>
              Open this room myself
            </button>
          )}
          <button type="button" onClick={() => void playSolo()}>
            Practise against bots
          </button>
        </div>
      </section>
    </main>
  );
}
