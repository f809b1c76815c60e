import { describe, expect, test } from "vitest";
import { KAIROS, Solo } from "../../test/lua/solo.js";
import { asSlot } from "../core/base/brand.js";

describe("callbacks", () => {
  test("EN-1101 the world comes first, then the players, then what they spawn, each in its own environment", async () => {
    const solo = await Solo.of(
      {
        "world.lua": "order = {} count = 1 function on_tick() self.saw = #echo.players() self.n = count end",
        "player.lua": `count = 10 + self.slot
          function on_start() self.child = echo.spawn("bird", { wings = 2 }).id end
          function on_tick() count = count + 1 self.n = count end`,
        "bird.lua": "self.born = echo.chronos() function on_tick() self.wings = self.wings + 1 end",
      },
      2,
    );
    solo.run(3);
    expect(solo.faults).toEqual([]);
    const shape = solo.view().map(({ id, script, slot }) => [id, script, slot]);
    expect(shape).toEqual([
      [255, "world", undefined],
      [0, "player", 0],
      [1, "player", 1],
      [256, "bird", undefined],
      [257, "bird", undefined],
    ]);
    expect(solo.self(255)).toEqual({ saw: 2, n: 1 });
    expect(solo.self(0)).toEqual({ child: 256, n: 13 });
    expect(solo.self(1)).toEqual({ child: 257, n: 14 });
    expect(solo.self(256)).toEqual({ wings: 5, born: 0 });
  });

  test("EN-1102 an event goes to the emitter's entity with all that scripts may know of it", async () => {
    const solo = await Solo.of(
      `function on_hit(evt) self.got = { evt.kind, evt.chronos, evt.kairos, evt.author, evt.slot, evt.id, evt.payload.x } end`,
      2,
    );
    solo.run(1, [solo.event("hit", { x: 5 }, 1)]);
    expect(solo.self(0)).toEqual({});
    expect(solo.self(1).got).toEqual(["hit", 1, "0123456789abcdef0123456789abcdef", 1, 1, 0, 5]);
  });

  test("EN-1103 what a callback emits is handled in the next tick, or by whom it is addressed to", async () => {
    const solo = await Solo.of(
      {
        "world.lua": "function on_ping(evt) self.from, self.payload = evt.slot, evt.payload end",
        "player.lua": `
          function on_start() echo.network.emit("own", { at = echo.chronos() }) end
          function on_own(evt)
            self.own = { evt.chronos, evt.payload.at, evt.author }
            echo.network.emit("ping", { n = 1 }, { to = "world" })
            echo.network.emit("pong", {}, { to = 1 - self.slot })
          end
          function on_pong(evt) self.pong = evt.slot end`,
      },
      2,
    );
    solo.run(1);
    expect(solo.self(0)).toEqual({ own: [1, 0, "simulation"] });
    solo.run(1);
    expect(solo.self(255)).toEqual({ from: 1, payload: { n: 1 } });
    expect([solo.self(0).pong, solo.self(1).pong]).toEqual([1, 0]);
    expect(solo.sim.derivedCount).toBe(4);
  });

  test("EN-1104 a delay runs after its seconds, at least one tick on, in the order of its time", async () => {
    const solo = await Solo.of(`
      self.log = ""
      local function add(text) return function() self.log = self.log .. text .. echo.chronos() .. " " end end
      function on_start()
        echo.delay(0.05, add("c"))
        echo.delay(0, add("a"))
        echo.delay(1 / 60, add("b"))
        echo.delay(0.05, add("d"))
      end`);
    expect(solo.run(5).self().log).toBe("a1 b1 c3 d3 ");
  });

  test("EN-1105 what is despawned is gone with its callbacks, and players stay", async () => {
    const solo = await Solo.of({
      "player.lua": `
        function on_start() self.ok = pcall(echo.despawn) echo.spawn("bird") echo.spawn("bird") end
        function on_tick() self.birds = #echo.entities("bird") end`,
      "bird.lua": "function on_tick() if echo.chronos() == 2 then echo.despawn() end end",
    });
    expect(solo.run(1).self()).toEqual({ ok: false, birds: 2 });
    expect(solo.run(2).self()).toEqual({ ok: false, birds: 0 });
    expect(solo.view()).toHaveLength(1);
  });

  test("EN-1106 effects carry name, key and data, and one without a key is told by tick, entity and order", async () => {
    const solo = await Solo.of(`function on_tick()
      echo.effect("bang", "k", { x = 1 }) echo.effect("bang", nil, { x = 2 }) echo.effect("bang")
    end`);
    solo.run(1);
    expect(solo.sim.effects).toEqual([
      { name: "bang", key: "k", data: { x: 1 }, slot: 0 },
      { name: "bang", key: "#1/0/0", data: { x: 2 }, slot: 0 },
      { name: "bang", key: "#1/0/1", data: {}, slot: 0 },
    ]);
  });

  test("EN-1106 a name or key that is too long is the script's mistake, and none is cut", async () => {
    const solo = await Solo.of(`function on_tick()
      local long = string.rep("x", 257)
      self.why = {}
      for i, args in ipairs({ { long }, { "bang", long }, { "bang", long:sub(1, 256) } }) do
        self.why[i] = select(2, pcall(echo.effect, table.unpack(args)))
      end
    end`);
    solo.run(1);
    expect(solo.self(0).why).toEqual([
      "game.lua:5: the name of an effect has 257 bytes; 256 are allowed",
      "game.lua:5: the key of effect bang has 257 bytes; 256 are allowed",
    ]);
    expect(solo.sim.effects.map(({ key }) => key)).toEqual(["x".repeat(256)]);
  });

  test("EN-1194 the effects of one tick carry so much and no more, and who makes texts leave Lua pays for their bytes", async () => {
    const solo = await Solo.of(`
      local s = string.rep("x", 65536)
      local many = {}
      for i = 1, 300 do many[i] = s end
      function on_tick()
        self.ok, self.why = {}, {}
        for i = 1, 5 do self.ok[i], self.why[i] = pcall(echo.effect, "bang", nil, { s }) end
        self.once, self.lot = pcall(echo.effect, "bang", nil, many)
      end`);
    for (const tick of [1, 2]) {
      solo.run(tick);
      const told = solo.faults;
      expect(told).toHaveLength(1);
      expect(told[0]).toContain("units of fuel are used up");
      expect(solo.sim.effects).toEqual([]);
    }
    const few = await Solo.of(`
      local s = string.rep("x", 65536)
      function on_tick()
        self.ok, self.why = {}, {}
        for i = 1, 5 do self.ok[i], self.why[i] = pcall(echo.effect, "bang", nil, { s }) end
      end`);
    for (const tick of [1, 2]) {
      const { ok, why } = few.run(tick).self();
      expect(ok).toEqual([true, true, true, false, false]);
      expect(JSON.stringify(why)).toContain("the effects of one tick carry more than 262144 bytes");
      expect(few.sim.effects).toHaveLength(3);
    }
  });

  test("EN-1107 math.random is echo.random: equal in a tick that is run again, and fit for Lua's own ranges", async () => {
    const solo = await Solo.of(`function on_tick()
      self.same = math.random == echo.random
      self.a, self.b, self.c = math.random(), math.random(6), math.random(-3, 3)
      self.d = math.random(math.mininteger, math.maxinteger)
      self.kinds = { math.type(self.a), math.type(self.b), math.type(math.random(0)) }
      self.bad = { pcall(math.random, 2, 1) }
    end`);
    const first = solo.run(1).self();
    expect(first.same).toBe(true);
    expect(first.kinds).toEqual(["float", "integer", "integer"]);
    expect(first.a >= 0 && first.a < 1 && first.b >= 1 && first.b <= 6 && Math.abs(first.c) <= 3).toBe(true);
    expect(solo.back(0).run(1).self()).toEqual(first);
    expect(solo.run(1).self().a).not.toBe(first.a);
  });
});

describe("on_input", () => {
  const script = `
    self.seen = 0
    function on_input()
      local memory = echo.local_state
      memory.calls = (memory.calls or 0) + 1
      self.seen = 99
      echo.network.emit("go", { calls = memory.calls, input = echo.input, at = echo.chronos() })
    end
    function on_go(evt) self.seen = self.seen + 1 end`;

  test("EN-1110 leaves what it emitted and local_state, and no trace in the state", async () => {
    const solo = await Solo.of(script);
    solo.run(2);
    const before = solo.hash;
    expect(solo.input({ x: 1.5, keys: ["a"] })).toEqual([
      { kind: "go", payload: { calls: 1, input: { x: 1.5, keys: ["a"] }, at: 5 } },
    ]);
    expect(solo.input()).toEqual([{ kind: "go", payload: { calls: 2, at: 5 } }]);
    expect(solo.hash).toBe(before);
    expect(solo.run(1).self()).toEqual({ seen: 0 });
  });

  test("EN-1111 an error, or a script without end, in it is this peer's own affair", async () => {
    const solo = await Solo.of(`
      function on_input() if echo.input == 1 then error("no") elseif echo.input == 2 then while true do end end
        echo.effect("bang") end`);
    const before = solo.hash;
    const told = (device: number): string[] => {
      solo.input(device);
      return solo.sim.inputFaults.map(({ error, where }) => `${where}: ${(error as Error).message}`);
    };
    expect(told(1)).toEqual(["on_input of slot 0: game.lua:2: no"]);
    expect(told(2)).toEqual([
      expect.stringMatching(/^on_input of slot 0: game.lua:2: 5,000,000 units of fuel are used up: /),
    ]);
    expect(told(3)[0]).toContain("game.lua:3: effect bang in on_input would reach nobody");
    expect(solo.hash).toBe(before);
  });

  test("EN-1111 a device's text for which Lua has no memory left is told as that", async () => {
    const solo = await Solo.of(`
      local text = ("x"):rep(65536)
      repeat until not pcall(function() self[#self + 1] = text .. #self end)
      function on_input() end`);
    for (const device of ["é".repeat(30_000), new Uint8Array(70_000)]) {
      solo.input(device);
      expect(solo.sim.inputFaults.map(({ error }) => (error as Error).message)).toEqual([
        expect.stringContaining("not enough memory: Lua has 16 MiB"),
      ]);
    }
  });
});

describe("errors", () => {
  test("EN-1120 an error in text that was loaded names its place once", async () => {
    const solo = await Solo.of(`function on_tick() load("error('no')", "=more")() end`);
    expect(solo.run(1).faults).toEqual(["on_tick of slot 0: more:1: no"]);
  });

  test("EN-1120 an error ends its callback alone: writes stay, the others run, file and line are told", async () => {
    const solo = await Solo.of(
      `function on_tick()
        self.before = echo.chronos()
        if self.slot == 0 then error({}) end
        self.after = echo.chronos()
      end
      function on_hit(evt)
        self.hit = true
        local x = nil + 1
      end`,
      2,
    );
    solo.run(1, [solo.event("hit", {}, 1)]);
    expect(solo.faults).toEqual([
      "on_hit of slot 1: game.lua:8: attempt to perform arithmetic on a nil value",
      "on_tick of slot 0: game.lua:3: an error object that is no text",
    ]);
    expect(solo.self(0)).toEqual({ before: 1 });
    expect(solo.self(1)).toEqual({ before: 1, after: 1, hit: true });
  });

  test("EN-1121 a mistake in what a script hands to the engine is a Lua error at its own line", async () => {
    const solo = await Solo.of(`function on_tick()
      local tries = {
        function() echo.network.emit("nothing", {}) end,
        function() echo.network.emit("hit", { f = print }) end,
        function() echo.network.emit("hit", { 1, 2, x = 3 }) end,
        function() local t = {} t.t = t echo.network.emit("hit", t) end,
        function() echo.spawn("bird") end,
        function() echo.delay("soon", print) end,
      }
      self.said = {}
      for i, try in ipairs(tries) do local _, said = pcall(try) self.said[i] = said end
    end
    function on_hit() end`);
    expect(solo.run(1).self().said).toEqual([
      "game.lua:3: no event nothing: nothing declares it, and no script has on_nothing",
      "game.lua:4: the payload of hit holds a function; only plain data can leave Lua",
      "game.lua:5: the payload of hit has both text and numbers as keys",
      "game.lua:6: the payload of hit is nested more than 32 deep",
      "game.lua:7: echo.spawn: the game has no script bird.lua",
      "game.lua:8: echo.delay takes seconds from 0 to 86400 first",
    ]);
  });

  test("EN-1123 an error's words are told whole characters long, whatever bytes they have", async () => {
    const solo = await Solo.of(
      `function on_tick() if self.slot == 0 then error(("ä"):rep(600), 0) end error("\\xff!", 0) end`,
      2,
    );
    solo.run(1);
    expect(solo.faults).toEqual([
      `on_tick of slot 0: game.lua:1: ${"ä".repeat(256)}`,
      "on_tick of slot 1: game.lua:1: \u00ff!",
    ]);
  });

  test("EN-1122 an error before tick 1 is told with tick 1, each time that it runs", async () => {
    const solo = await Solo.of(`self.x = 1 function on_start() error("first") end`);
    solo.run(1);
    expect(solo.faults).toEqual(["on_start of slot 0: game.lua:1: first"]);
    solo.run(1);
    expect(solo.faults).toEqual([]);
    solo.back(0).run(1);
    expect(solo.faults).toHaveLength(1);
  });
});

describe("traps", () => {
  const script = `
    self.n = 0
    function on_tick()
      self.n = self.n + 1
      if self.slot == 1 and self.n == 2 then while true do end end
    end
    function on_boom(evt) self.n = 1000 while true do end end`;

  test("EN-1130 a callback without end is left out of its tick, and all else in it is as if it had never run", async () => {
    const solo = await Solo.of(script, 3);
    solo.run(2);
    expect(solo.faults).toEqual([
      expect.stringMatching(/^on_tick of slot 1: game.lua:[345]: 8,000,000 units of fuel are used up: /),
    ]);
    expect([0, 1, 2].map((slot) => solo.self(slot).n)).toEqual([2, 1, 2]);
    expect(solo.sim.fuelUsed).toBeLessThan(20_000_000);
    solo.run(1);
    expect([0, 1, 2].map((slot) => solo.self(slot).n)).toEqual([3, 1, 3]);
  });

  test("EN-1131 after three in one tick no script runs in it, and the match goes on", async () => {
    const solo = await Solo.of(script, 5);
    const booms = [0, 1, 2, 3].map((slot) => solo.event("boom", {}, slot));
    solo.run(1, booms);
    expect(solo.faults).toHaveLength(3);
    expect([0, 1, 2, 3, 4].map((slot) => solo.self(slot).n)).toEqual([0, 0, 0, 0, 0]);
    solo.run(1);
    expect(solo.self(4).n).toBe(1);
  });

  test("EN-1132 a simulation that trapped equals one that did not for a thousand ticks", async () => {
    const quiet = `function on_tick()
      self.n = (self.n or 0) + 1
      self.list = { self.n, tostring(self), math.random(100), { self.n } }
    end
    function on_boom(evt) local t = {} for i = 1, 1e9 do t[i] = { i } end end`;
    const trapped = await Solo.of(quiet, 2);
    const calm = await Solo.of(quiet, 2);
    trapped.run(5);
    calm.run(5);
    for (let round = 0; round < 3; round++) {
      trapped.run(1, [trapped.event("boom", {}, 1)]);
      expect(trapped.faults).toHaveLength(1);
      trapped.back(trapped.tick - 1);
    }
    for (let ticks = 0; ticks < 1000; ticks += 100) {
      expect(trapped.run(100).hash).toBe(calm.run(100).hash);
    }
  });

  test("EN-1135 an on_start without end is left out for its entity, and the match begins", async () => {
    const solo = await Solo.of(
      `function on_start() self.begun = true if self.slot ~= 1 then while true do end end end
      function on_tick() self.n = (self.n or 0) + 1 end`,
      3,
    );
    solo.run(1);
    expect(solo.faults).toEqual([
      expect.stringMatching(/^on_start of slot 0: game.lua:1: 100,000,000 units of fuel are used up/),
      expect.stringMatching(/^on_start of slot 2: game.lua:1: 100,000,000 units of fuel are used up/),
    ]);
    expect([0, 1, 2].map((slot) => solo.self(slot))).toEqual([{ n: 1 }, { begun: true, n: 1 }, { n: 1 }]);
  });

  test("EN-1133 a script that takes all memory is stopped, told with its line, and leaves none of it behind", async () => {
    const solo = await Solo.of(`
      local held = {}
      function on_boom(evt)
        for i = 1, 1000 do held[i] = string.rep("x", 1e6) end
      end
      function on_tick() self.n = #held end`);
    solo.run(1, [solo.event("boom", {})]);
    expect(solo.faults).toEqual([expect.stringMatching(/^on_boom of slot 0: game.lua:4: /)]);
    expect(solo.self()).toEqual({ n: 0 });
  });
});

describe("the state", () => {
  test("EN-1140 goes back and on again to equal states, over any number of ticks", async () => {
    const solo = await Solo.of(
      `local seen = setmetatable({}, { __mode = "k" })
      local co = coroutine.wrap(function() local n = 0 while true do n = n + 1 coroutine.yield(n) end end)
      function on_tick()
        seen[{}] = true
        self.n, self.t = co(), { tostring(self), math.random(1000) }
        if self.n % 10 == 0 then echo.delay(0.2, function() self.late = self.n end) end
      end
      function on_hit(evt) self.hits = (self.hits or 0) + evt.payload.by end`,
      2,
    );
    const hashes: string[] = [solo.hash];
    for (let tick = 1; tick <= 120; tick++)
      hashes.push(solo.run(1, [solo.event("hit", { by: tick }, tick % 2)]).hash);
    for (const from of [112, 60, 0]) {
      solo.back(from);
      expect(solo.hash).toBe(hashes[from]);
      solo.run(4, []);
      solo.back(from);
      for (let tick = from + 1; tick <= 120; tick++) {
        expect(solo.run(1, [solo.event("hit", { by: tick }, tick % 2)]).hash).toBe(hashes[tick]);
      }
    }
  });

  test("EN-1140 keeps nothing of an abandoned future on the stack of C, whose bytes Lua's parser copies", async () => {
    const text = `function on_hit(evt)
      if evt.payload.guessed then ("ab "):rep(400):gsub("%w+", "longer") else f = load("return 'abc'") end
    end`;
    const [straight, guessing] = [await Solo.of(text), await Solo.of(text)];
    guessing.run(1, [guessing.event("hit", { guessed: 1 })]).back(0);
    for (const solo of [straight, guessing]) solo.run(1, [solo.event("hit", {})]);
    expect(guessing.hash).toBe(straight.hash);
  });

  test("EN-1190 begins every match from equal bytes, whatever was played before", async () => {
    const { sim } = await Solo.of(`f = load("return 'abc'")
      function on_start() ("ab "):rep(400):gsub("%w+", "longer") end`);
    const first = sim.hash();
    sim.begin({ kairos: KAIROS, seed: Uint8Array.from({ length: 32 }, (_, i) => i), slots: [asSlot(0)] });
    expect(sim.hash()).toBe(first);
  });

  test("EN-1141 shows its entities to the inspector, and the declared components to views", async () => {
    const solo = await Solo.of(`
      echo.network.component("position", { x = "f64", y = "f64" })
      echo.network.component("hp", "u8")
      self.position = { x = 1.5, y = 2, hidden = true }
      self.hp, self.secret, self.f, self[3] = 7, "s", print, "three"`);
    solo.run(1);
    expect(solo.view()).toEqual([
      { id: 0, script: "player", slot: 0, components: { position: { x: 1.5, y: 2 }, hp: 7 } },
    ]);
    const components = { position: { x: 1.5, y: 2, hidden: true }, hp: 7, secret: "s", "<3>": "three" };
    expect(solo.sim.inspect()).toEqual({ "slot 0": { id: 0, script: "player", self: components } });
    const before = solo.hash;
    solo.sim.corrupt();
    expect(solo.hash).not.toBe(before);
  });

  test("EN-1145 shows 1 MiB of text and no more, however often a script's text stands in it", async () => {
    const solo = await Solo.of(
      `local text = string.rep("#", 65536)
      self.texts, self.hp = {}, 7
      for i = 1, 100 do self.texts[i] = text end`,
      2,
    );
    for (const shown of [solo.view(), Object.values(solo.sim.inspect() as object)]) {
      expect(shown.map(({ id, script }) => [id, script])).toEqual([
        [0, "player"],
        [1, "player"],
      ]);
      const bytes = JSON.stringify(shown).match(/#/g)!.length;
      expect(bytes).toBe(1_048_576);
    }
    expect(solo.self(1).hp).toBe(7);
  });

  test("EN-1142 is that of any other simulation with the same events, whatever either did aside", async () => {
    const text = `function on_input() for i = 1, 1000 do self[i] = { i } end end
      function on_tick() self.t = tostring({}) end`;
    const busy = await Solo.of(text);
    const idle = await Solo.of(text);
    for (let tick = 0; tick < 30; tick++) {
      busy.input(tick);
      busy.view();
      busy.sim.inspect();
      expect(busy.run(1).hash).toBe(idle.run(1).hash);
    }
  });
});
