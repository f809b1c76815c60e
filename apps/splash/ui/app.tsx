import type { JSX } from "preact";
import { isLoud, screen, sound, toLobby } from "../state.js";
import { Lobby } from "./lobby.js";
import { MatchScreen } from "./match-screen.js";
import { Refused } from "./refused.js";
import { Room } from "./room.js";
import { turnScheme } from "./scheme.js";

export function App(): JSX.Element {
  const { value } = screen;
  return (
    <>
      <header class="top">
        <span class="wordmark">
          <img src="icon.svg" alt="" width="26" height="26" />
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
