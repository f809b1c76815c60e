/** Scripts that try to hang, exhaust or break a match: each the body of `on_attack`. */
export const ATTACKS: Readonly<Record<string, string>> = {
  "a bare loop": "while true do end",
  "a loop under pcall": "while true do pcall(function() while true do end end) end",
  "a loop in an xpcall handler": "xpcall(error, function() while true do end end)",
  "errors without end under pcall": "while true do pcall(error) end",
  "a loop in a coroutine": "coroutine.wrap(function() while true do end end)()",
  "coroutines without end":
    "local all = {} while true do all[#all + 1] = coroutine.create(function() coroutine.yield() end) coroutine.resume(all[#all]) end",
  "coroutines within coroutines": "local function deeper() return coroutine.wrap(deeper)() end deeper()",
  "a metamethod that calls itself":
    "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] end return t.x",
  "a chain of __index":
    "local t = {} for i = 1, 3000 do t = setmetatable({}, { __index = t }) end while true do local _ = t.x end",
  "__gc that never ends":
    "for i = 1, 200 do setmetatable({}, { __gc = function() while true do end end }) end",
  "__gc that raises itself":
    "local function again() setmetatable({}, { __gc = again }) end for i = 1, 100 do again() end",
  "__close that never ends":
    "do local x <close> = setmetatable({}, { __close = function() while true do end end }) end",
  "__tostring that never ends":
    "tostring(setmetatable({}, { __tostring = function() while true do end end }))",
  "__concat and __eq without end":
    "local m = {} m.__eq = function(a, b) return setmetatable({}, m) == setmetatable({}, m) end return setmetatable({}, m) == setmetatable({}, m)",
  "a pattern that blows up": "return (('a'):rep(40)):find(('a*'):rep(30) .. 'b')",
  "%b on a long text": "return (('('):rep(30000)):gsub('%b()', '')",
  "a plain find on long texts":
    "local t = ('a'):rep(200000) while true do t:find(('a'):rep(100000) .. 'b', 1, true) end",
  "gsub without end": "while true do ('x'):rep(100000):gsub('.', '%0%0') end",
  "a bomb of rep": "local s = 'x' while true do s = s:rep(10) end",
  "the longest rep": "return ('x'):rep(1 << 62)",
  "a bomb of concatenation": "local s = 'x' while true do s = s .. s end",
  "a bomb of tables": "local t = {} while true do t[#t + 1] = { {}, {}, {} } end",
  "a table with huge keys": "local t = {} for i = 1, 1 << 40 do t[i * 1000003] = i end",
  "a bomb of buffers":
    "return table.concat(setmetatable({}, { __len = function() return 1 << 30 end, __index = function() return 'xxxxxxxxxx' end }))",
  "table.concat over a huge range": "return table.concat({}, 'x', 1, 1 << 62)",
  "table.unpack of a huge range": "return table.unpack({}, 1, 1 << 24)",
  "table.move over a huge range": "return table.move({}, 1, (1 << 62), 2)",
  "table.insert into a liar":
    "table.insert(setmetatable({}, { __len = function() return 1 << 40 end }), 1, 'x')",
  "a comparer without order":
    "local t = {} for i = 1, 5000 do t[i] = i end while true do pcall(table.sort, t, function() return true end) end",
  "a comparer that never ends": "table.sort({ 3, 2, 1 }, function() while true do end end)",
  "sort of a liar":
    "table.sort(setmetatable({}, { __len = function() return (1 << 31) - 2 end, __index = function(_, i) return -i end, __newindex = function() end }))",
  "format of wide fields":
    "while true do ('%99.99f'):rep(100):format(table.unpack((function() local t = {} for i = 1, 100 do t[i] = 1e308 end return t end)())) end",
  "a deep parse": "return load('return ' .. ('('):rep(1e5) .. '1' .. (')'):rep(1e5))",
  "a long parse": "return load('return {' .. ('{},'):rep(3e5) .. '}')",
  "load without end": "local f = load(function() return 'x = 1 ' end)",
  "deep recursion": "local function f() return 1 + f() end return f()",
  "deep recursion in C": "local function f(s) return (s:gsub('.', f)) end return f('x')",
  "tail calls without end": "local function f() return f() end return f()",
  "goto without end": "::again:: goto again",
  "a flood of emits": "while true do echo.network.emit('attack', { n = 1 }) end",
  "a flood of emits under pcall":
    "while true do pcall(echo.network.emit, 'attack', { s = ('x'):rep(10000) }) end",
  "a flood of spawns": "while true do echo.spawn('bird') end",
  "a flood of spawns under pcall": "while true do pcall(echo.spawn, 'bird', { big = ('x'):rep(1000) }) end",
  "spawns that spawn": "echo.spawn('nest')",
  "a flood of delays": "while true do pcall(echo.delay, 0, function() end) end",
  "a flood of logs": "while true do print(('x'):rep(10000)) end",
  "a flood of effects": "while true do pcall(echo.effect, 'x', nil, { 1, 2, 3 }) end",
  "payloads that never end":
    "local t = {} for i = 1, 16000 do t[i] = { i } end while true do pcall(echo.network.emit, 'attack', t) end",
  "random draws without end": "while true do math.random(math.mininteger, math.maxinteger) end",
  "writing to all of string": "for k in pairs(string) do string[k] = nil end while true do ('x'):rep(3) end",
  "replacing the engine's own":
    "for _, t in pairs({ echo, echo.network, table, math, coroutine }) do for k in pairs(t) do t[k] = function() while true do end end end end echo.log('x')",
  "a warm utf8 loop": "while true do utf8.len(('ä'):rep(100000)) end",
  "packing without end":
    "while true do string.pack(('s'):rep(200), table.unpack((function() local t = {} for i = 1, 200 do t[i] = ('x'):rep(1000) end return t end)())) end",
  "next on a changing table": "local t = { 1, 2, 3 } for k in pairs(t) do t[k + 3] = 1 end",
  "a weak table's storm": "local w = setmetatable({}, { __mode = 'kv' }) while true do w[{}] = {} end",
  "ephemerons in a chain":
    "local w = setmetatable({}, { __mode = 'k' }) local k = {} for i = 1, 20000 do local n = {} w[k] = n k = n end self.kept = w",
  "closing over everything": "local f = print for i = 1, 1e7 do local g = f f = function() return g end end",
  "yield across the engine": "coroutine.yield()",
  "an error object that fails": "error(setmetatable({}, { __tostring = function() error('again') end }))",
  "a despawn while it runs": "local b = echo.spawn('bird') echo.despawn(b) echo.despawn(b)",
};

/** What the attacks stand in: a game that goes on counting. */
export const attacked = (body: string): Record<string, string> => ({
  "player.lua": `self.ticks = 0
    function on_tick() self.ticks = self.ticks + 1 end
    function on_attack(evt)
      ${body}
    end`,
  "bird.lua": "function on_tick() self.n = (self.n or 0) + 1 end",
  "nest.lua": "echo.spawn('nest')",
});
