import { type LuaGame, loadLuaGame } from "echo-net/lua";
import balloon from "../../../examples/splash-lua/balloon.lua";
import bot from "../../../examples/splash-lua/bot.lua";
import pickup from "../../../examples/splash-lua/pickup.lua";
import player from "../../../examples/splash-lua/player.lua";
import world from "../../../examples/splash-lua/world.lua";

const SCRIPTS = {
  "balloon.lua": balloon,
  "bot.lua": bot,
  "pickup.lua": pickup,
  "player.lua": player,
  "world.lua": world,
};

let loading: Promise<LuaGame> | undefined;

/** The game of `examples/splash-lua`, with Lua from beside this page; loaded once. */
export function loadGame(): Promise<LuaGame> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<LuaGame> {
  const answer = await fetch(new URL("lua.wasm", location.href)).catch(() => undefined);
  if (answer?.ok !== true) {
    throw new Error("Lua could not be loaded: the server that this page came from does not answer.");
  }
  const glue = new Uint8Array(await answer.arrayBuffer());
  return await loadLuaGame(SCRIPTS, { glue, name: "splash-lua" });
}
