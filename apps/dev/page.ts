/** The page of `echo-net dev`: two peers of a match in one page, a bad network between them, and what they see. */
import { keptSettings } from "./controls.js";
import type { Change, Description } from "./description.js";
import { loadGame } from "./load.js";
import { problemOf, showProblem } from "./overlay.js";
import { Table } from "./table.js";

/** Loads the page anew once the game's files have changed, and says what is wrong with them until then. */
function followChanges(version: string): void {
  let isBroken = false;
  const events = new EventSource("events");
  events.addEventListener("error", () => heading("echo-net dev has ended; the page goes on when it is back"));
  events.addEventListener("open", () => heading("echo-net dev"));
  events.addEventListener("message", (event) => {
    const change = JSON.parse(event.data) as Change;
    // An edit that is taken back gives the version that is here.
    if (change.version === version && !isBroken) return;
    isBroken = change.problem !== undefined;
    if (change.problem === undefined) location.reload();
    else showProblem(change.problem);
  });
}

function heading(words: string): void {
  document.querySelector("h1")!.textContent = words;
}

async function play(description: Description): Promise<void> {
  try {
    const { net, hints = [] } = description;
    new Table(await loadGame(description), keptSettings(net), hints).begin();
  } catch (error) {
    showProblem(await problemOf(error));
  }
}

const description = (await (await fetch("game.json")).json()) as Description;
document.title = `${description.title}: echo-net dev`;
followChanges(description.version);
if (description.problem === undefined) await play(description);
else showProblem(description.problem);
