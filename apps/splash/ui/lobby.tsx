import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import type { Match } from "../match/match.js";
import { openPreview } from "../match/open.js";
import { followLink, meetNext, openRoom, players, playSolo, roomIn, seconds } from "../state.js";
import { Stage } from "./stage.js";

const LENGTHS: readonly { readonly title: string; readonly seconds: number | undefined }[] = [
  { title: "1 min", seconds: 60 },
  { title: "3 min", seconds: 180 },
  { title: "No limit", seconds: undefined },
];

export function Lobby(): JSX.Element {
  return (
    <main class="lobby">
      <section class="pitch">
        <h1>Water balloons, browser to browser.</h1>
        <p class="lead">
          For two to four. Drop a balloon, get out of the way, soak the others. Your moves are on the screen
          at once; theirs come straight from their browsers.
        </p>
        <div class="choices">
          <Choice label="Players">
            {[2, 3, 4].map((many) => (
              <Option
                key={many}
                name="players"
                isChosen={players.value === many}
                choose={() => (players.value = many)}
              >
                {many}
              </Option>
            ))}
          </Choice>
          <Choice label="Length">
            {LENGTHS.map(({ title, seconds: length }) => (
              <Option
                key={title}
                name="length"
                isChosen={seconds.value === length}
                choose={() => (seconds.value = length)}
              >
                {title}
              </Option>
            ))}
          </Choice>
        </div>
        <ul class="begin">
          <li>
            <button type="button" class="main" onClick={() => void openRoom()}>
              Invite friends
            </button>
            <span>A link to send. Bots fill free seats.</span>
          </li>
          <li>
            <button type="button" onClick={() => void meetNext()}>
              Play whoever comes next
            </button>
            <span>Three minutes, first come first served.</span>
          </li>
          <li>
            <button type="button" onClick={() => void playSolo()}>
              Practise against bots
            </button>
            <span>At once, and without a server.</span>
          </li>
        </ul>
        <JoinForm />
      </section>
      <Preview />
    </main>
  );
}

function Choice({ label, children }: { label: string; children: JSX.Element[] }): JSX.Element {
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div class="options">{children}</div>
    </fieldset>
  );
}

function Option(props: {
  name: string;
  isChosen: boolean;
  choose: () => void;
  children: string | number;
}): JSX.Element {
  return (
    <label>
      <input type="radio" name={props.name} checked={props.isChosen} onChange={props.choose} />
      <span>{props.children}</span>
    </label>
  );
}

function JoinForm(): JSX.Element {
  const text = useSignal("");
  const isWrong = useSignal(false);
  return (
    <form
      class="join"
      onSubmit={(event) => {
        event.preventDefault();
        const room = roomIn(text.value);
        isWrong.value = room === undefined;
        if (room !== undefined) void followLink(room);
      }}
    >
      <label for="room">Were you sent a link?</label>
      <div>
        <input
          id="room"
          value={text.value}
          onInput={(event) => (text.value = event.currentTarget.value)}
          placeholder="Link or room"
          autocomplete="off"
          spellcheck={false}
          aria-invalid={isWrong.value}
          aria-describedby="room-problem"
        />
        <button type="submit">Join</button>
      </div>
      <p id="room-problem" class="problem" role="alert">
        {isWrong.value && "That is no link to a room: paste the whole of what you were sent."}
      </p>
    </form>
  );
}

/** Bots among themselves, to show what it is about. */
function Preview(): JSX.Element {
  const match = useSignal<Match | undefined>(undefined);
  const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
  useEffect(() => {
    let isGone = false;
    openPreview().then(
      (opened) => {
        if (isGone) void opened.leave();
        else match.value = opened;
      },
      // What keeps the game from loading is said when somebody wants to play.
      () => {},
    );
    return () => {
      isGone = true;
      void match.peek()?.leave();
    };
  }, [match]);
  return (
    <figure class="preview">
      <div class="board">
        {match.value !== undefined && (
          <Stage match={match.value} isStill={isStill} label="Four bots play Splash" />
        )}
      </div>
      <figcaption>
        {isStill ? "Four players at their corners" : "Four bots, playing in this page right now"}
      </figcaption>
    </figure>
  );
}
