/** One script that touches everything in Lua that could differ between engines, runs or histories. */
export const SUSPECTS = `
local trail = {}
local byAddress, weak = {}, setmetatable({}, { __mode = "k" })
local finalized = 0
local function note(...) for i = 1, select("#", ...) do trail[#trail + 1] = tostring((select(i, ...))) end end
local co = coroutine.wrap(function() local n = 0 while true do n = n + coroutine.yield(n) end end)
co()

function on_tick()
  trail = {}
  local tick = echo.chronos()
  -- Addresses: as keys, as text, in order.
  local t, f = {}, function() return tick end
  byAddress[t], byAddress[f] = tick, -tick
  if tick % 16 == 0 then byAddress = {} end
  local sum, place = 0, 0
  for key, value in pairs(byAddress) do place = place + 1 sum = sum + place * value note(key) end
  note(t, f, co, print, ("%p"):format(t))
  -- What the collector leaves.
  weak[{}] = tick
  local alive = 0
  for _ in pairs(weak) do alive = alive + 1 end
  setmetatable({}, { __gc = function() finalized = finalized + 1 end })
  -- Text keys in their own order.
  local words = {}
  for i = 1, 12 do words["k" .. (tick * i) % 97] = i end
  for key in pairs(words) do note(key) end
  -- Sorting with ties, and with a comparer that lies.
  local list = {}
  for i = 1, 60 do list[i] = { key = (i * tick) % 7, i = i } end
  table.sort(list, function(a, b) return a.key < b.key end)
  for _, one in ipairs(list) do note(one.i) end
  local big = {}
  for i = 1, 130 do big[i] = echo.random(1000) end
  note(pcall(table.sort, big, function(a, b) return a <= b end))
  -- Numbers.
  local nan, zero = 0 / 0, 0.0
  note(nan, -nan, math.huge - math.huge, math.sqrt(-tick), math.fmod(1, 0.0), -zero, 1 / -zero, 2^63, -2^63, 1, 1.0)
  note(math.maxinteger + tick, math.mininteger // -1, 7 // -2, 7 % -3, -7.5 % 2, 1e308 * 10, 5e-324 / 2, 0x7fffffffffffffff + 1.0)
  note(("%a %g %.14g %.3f %e"):format(tick / 3, tick / 7, math.pi * tick, tick / 11, tick * 1e30), 0.1 + 0.2, 1e15, 1e16, 123456789012)
  note(math.sin(tick), math.cos(tick), math.tan(tick), math.exp(tick / 50), math.log(tick), math.log(tick, 10), tick ^ 0.37, math.atan(tick, 3))
  note(nan == nan, nan < 1, math.max(nan, 1), math.max(1, nan), math.min(nan, 1), math.tointeger(2^53), 2^53 == 2^53 + 1, math.ult(-1, 1))
  note(string.pack("<d", nan):byte(1, -1))
  note(string.pack("<d", -nan):byte(1, -1))
  note(string.pack("<f", nan * 2):byte(1, -1))
  -- Errors and their words.
  note(pcall(function() return t.x.y end))
  note(pcall(function() return t + 1 end))
  note(pcall(error, { tick }))
  note(select(2, pcall(string.rep, "x", -1)), select(2, pcall(string.rep, "x", 1 << 40)))
  note(pcall(string.format, "%d", 1.5))
  local function deep(n) return n == 0 and tick or deep(n - 1) + 1 end
  note(pcall(deep, 150))
  -- Coroutines that live on, and some that are dropped.
  note(co(tick), coroutine.wrap(function(...) return select("#", ...) end)(1, 2, 3))
  coroutine.resume(coroutine.create(function() coroutine.yield() end))
  -- Chance, delays, events of one's own.
  note(math.random(), math.random(10), math.random(0))
  if tick % 9 == 0 then echo.delay(0.1, function() self.delayed = (self.delayed or 0) + tick end) end
  if tick % 5 == 0 then echo.network.emit("own", { tick = tick, text = "t" .. tick, list = { 1, 1.5, -zero } }) end
  self.trail = table.concat(trail, "|")
  self.sum, self.alive, self.finalized = sum, alive, finalized
end

function on_own(evt) self.own = (self.own or 0) + evt.payload.tick note(evt.payload) end
function on_hit(evt)
  self.hits = (self.hits or 0) + evt.payload.by
  self["h" .. evt.payload.by % 50] = { evt.payload.by }
  if evt.payload.by % 40 == 0 then error("hit " .. tostring(self)) end
end
`;
