import { EchoNetError, joinMatch } from "echo-net";
import { loadLuaGame } from "echo-net/lua";
import lua from "echo-net/lua.wasm";
import { webrtc } from "echo-net/webrtc";
import coin from "./coin.lua";
import { render, size } from "./draw.mjs";
import player from "./player.lua";
import world from "./world.lua";

const say = (words) => {
  document.querySelector("#news").textContent = words;
};

// Who opens the page first makes up the room's name; whoever opens the same address meets there.
const address = new URL(location.href);
const room = address.searchParams.get("room") ?? Math.random().toString(36).slice(2, 10);
address.searchParams.set("room", room);
history.replaceState(null, "", address);
say(`Waiting for the other player. Open this address in a second tab, or send it to a friend: ${address}`);

const glue = new Uint8Array(await (await fetch(lua)).arrayBuffer());
const scripts = { "player.lua": player, "world.lua": world, "coin.lua": coin };
const game = await loadLuaGame(scripts, { name: "coins", glue });
// Who opens an address with a room's name that is none is told so, too.
const join = async () => {
  const transport = webrtc({ signaling: location.origin, room });
  return joinMatch(game, { players: 2, transport });
};
const session = await join().catch((error) => {
  say(error instanceof EchoNetError ? error.hint : String(error));
  throw error;
});
say("Arrows or W A S D steer.");

const KEYS = {
  ...{ KeyW: "up", KeyA: "left", KeyS: "down", KeyD: "right" },
  ...{ ArrowUp: "up", ArrowLeft: "left", ArrowDown: "down", ArrowRight: "right" },
};
const held = new Set();
addEventListener("keydown", ({ code }) => KEYS[code] && held.add(KEYS[code]));
addEventListener("keyup", ({ code }) => KEYS[code] && held.delete(KEYS[code]));
addEventListener("blur", () => held.clear());
addEventListener("pagehide", () => void session.leave());

const context = document.querySelector("canvas").getContext("2d");
let local = {};
requestAnimationFrame(function draw(nowMs) {
  // What the scripts find in echo.input.
  session.setInput({
    x: Number(held.has("right")) - Number(held.has("left")),
    y: Number(held.has("down")) - Number(held.has("up")),
  });
  const outputs = session.update(nowMs);
  for (const output of outputs) {
    if (output.type === "peer" && output.status === "interrupted") say("The other player is silent …");
    if (output.type === "peer" && output.status === "connected") say("The other player is back.");
    if (output.type === "fault") console.error(output.where, output.error);
    if (output.type === "desync") say("The players' states differ: npx echo-net check . finds why.");
    if (output.type === "ended") say(`The match ended: ${output.reason}.`);
  }
  const frame = { ...session.view(), slot: session.slot, outputs, ...size, local };
  context.save();
  render(context, frame);
  context.restore();
  local = frame.local;
  requestAnimationFrame(draw);
});
