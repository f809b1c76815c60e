import type { JSX } from "preact";
import { isLoud, screen, sound, toLobby } from "../state.js";
import { Lobby } from "./lobby.js";
import { MatchScreen } from "./match-screen.js";
import { Refused } from "./refused.js";
import { Room } from "./room.js";
import { turnScheme } from "./scheme.js";

function Drop(): JSX.Element {
  return (
    <svg viewBox="0 0 64 64" width="26" height="26" aria-hidden="true">
      <path d="M33 3c6 11 23 19 23 36 0 14-10 22-24 22S8 53 8 39C8 23 27 14 33 3z" />
      <ellipse cx="24" cy="34" rx="6" ry="8" />
      <ellipse cx="40" cy="34" rx="6" ry="8" />
      <circle cx="25" cy="36" r="3.4" />
      <circle cx="41" cy="36" r="3.4" />
    </svg>
  );
}

export function App(): JSX.Element {
  const { value } = screen;
  return (
    <>
      <header class="top">
        <span class="wordmark">
          <Drop />
          Splash
        </span>
        <nav aria-label="Settings">
          {value.name === "match" && (
            <button
              type="button"
              class="quiet"
              aria-pressed={isLoud.value}
              onClick={() => {
                isLoud.value = !isLoud.value;
                sound.turn(isLoud.value);
              }}
            >
              Sound {isLoud.value ? "on" : "off"}
            </button>
          )}
          <button type="button" class="quiet" onClick={turnScheme}>
            Light / dark
          </button>
        </nav>
      </header>
      {value.name === "lobby" && <Lobby />}
      {value.name === "waiting" && <Room waiting={value.waiting} />}
      {value.name === "refused" && <Refused words={value.words} room={value.room} onBack={toLobby} />}
      {value.name === "match" && <MatchScreen match={value.match} />}
    </>
  );
}
