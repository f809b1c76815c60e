import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { nameOf } from "../match/names.js";
import { linkTo, type Waiting } from "../state.js";
import { Mark } from "./mark.js";

/** Waiting for the others: who is here, and the link for who is not. */
export function Room({ waiting }: { waiting: Waiting }): JSX.Element {
  const { how, room, isHosting, present, players } = waiting;
  const missing = players.value - present.value;
  const isKnown = isHosting.value || how === "solo" || present.value > 1;
  return (
    <main class="room">
      <section class="card" aria-labelledby="room-title">
        <h1 id="room-title">{titleOf(waiting)}</h1>
        <p class="lead" role="status">
          {!isKnown
            ? "One moment."
            : missing === 0
              ? "Everybody is here. Here we go."
              : `${present.value} of ${players.value} are here. The match begins when all are.`}
        </p>
        {isHosting.value && room.value !== undefined && <Invitation link={linkTo(room.value)} />}
        {how !== "solo" && (
          <ol class="seats" aria-label="Seats">
            {Array.from({ length: players.value }, (_, slot) => (
              <li key={slot} class={slot < present.value ? "taken" : ""}>
                <Mark slot={slot} empty={slot >= present.value} />
                {slot < present.value
                  ? isHosting.value && slot === 0
                    ? `${nameOf(0)} · you`
                    : "Here"
                  : "Free"}
              </li>
            ))}
          </ol>
        )}
        <div class="ways">
          {isHosting.value && missing > 0 && (
            <button type="button" class="main" onClick={waiting.begin}>
              {missing === 1 ? "Begin now with a bot" : `Begin now with ${missing} bots`}
            </button>
          )}
          <button type="button" onClick={waiting.cancel}>
            Cancel
          </button>
        </div>
      </section>
    </main>
  );
}

function titleOf({ how, isHosting }: Waiting): string {
  if (how === "solo") return "Setting up the board";
  if (how === "next") return "Looking for somebody to play with";
  if (how === "again") return "Waiting for the others";
  return isHosting.value ? "Invite your friends" : how === "open" ? "Opening a room" : "Joining the match";
}

function Invitation({ link }: { link: string }): JSX.Element {
  const isCopied = useSignal(false);
  const copy = async (): Promise<void> => {
    // Without a secure origin there is no clipboard: the field is selected, and a key copies it.
    (document.getElementById("link") as HTMLInputElement).select();
    await navigator.clipboard?.writeText(link).then(
      () => {
        isCopied.value = true;
      },
      () => {},
    );
  };
  return (
    <div class="invitation">
      <label for="link">Send this link to those who are to play</label>
      <div>
        <input id="link" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" onClick={() => void copy()}>
          {isCopied.value ? "Copied" : "Copy link"}
        </button>
      </div>
    </div>
  );
}
