import { render } from "preact";
import { registerColours } from "./draw/palette.js";
import { choose, followLink, roomIn, screen } from "./state.js";
import "./style/main.css";
import { App } from "./ui/app.js";

registerColours();
render(<App />, document.getElementById("app")!);

// Who plays with thumbs is shown a pad for them.
const { dataset } = document.documentElement;
if (matchMedia("(pointer: coarse)").matches) dataset.touch = "";
addEventListener("pointerdown", ({ pointerType }) => {
  if (pointerType === "touch") dataset.touch = "";
});

// Whoever closes the page in a match says so, as far as there is time.
addEventListener("pagehide", () => {
  if (screen.value.name === "match") void screen.value.match.leave();
});

const given = new URLSearchParams(location.search);
choose(given.get("players"), given.get("seconds"));
const asked = given.get("room");
if (asked !== null) void followLink(roomIn(asked) ?? asked);
