/** Name of the prelude's chunk: frames of it are left out when an error's place is told. */
export const PRELUDE_NAME = "=[echo]";

/**
 * What stands between the engine and the scripts, in Lua: entities, their environments, the sandbox and the `echo`
 * table. It runs once, when a machine is made, on the host's functions, and returns what the engine calls. All that
 * it remembers is in Lua's memory, so that it is saved and restored with the rest.
 */
export const PRELUDE = `
local host, control, hz, max_entities, max_delays, collect_base, collect_most = ...
local collectgarbage = collectgarbage
local assert, error, ipairs, load, next, pairs, pcall, rawequal, rawget, rawset, select, setmetatable, type, xpcall =
  assert, error, ipairs, load, next, pairs, pcall, rawequal, rawget, rawset, select, setmetatable, type, xpcall
local floor, mathtype, tostring = math.floor, math.type, tostring
local concat, move = table.concat, table.move
local host_emit, host_effect, host_report, host_random, host_log, host_handler =
  host.emit, host.effect, host.report, host.random, host.log, host.handler
local host_event, host_component = host.event, host.component

-- The game's state, as far as the engine keeps it.
local scripts = {}
local entities, by_number, by_self = {}, {}, {}
-- Delays by the tick in which they are due, in the order of their making: serial, entity and callback of each in a
-- row. How many wait, and up to which tick all were taken out.
local delays, waiting, taken_to = {}, 0, 0
local due, serial = {}, 0
local next_number = 256
local current = 255
local match = { kairos = "", now = 0 }
local kind_numbers = {}
local tick_count, has_dead = 0, false
-- Whether a script runs from its top, and no callback does.
local is_declaring = false

local globals = {
  _VERSION = _VERSION, assert = assert, error = error, getmetatable = getmetatable, ipairs = ipairs, next = next,
  pairs = pairs, pcall = pcall, rawequal = rawequal, rawget = rawget, rawlen = rawlen, rawset = rawset,
  select = select, setmetatable = setmetatable, tonumber = tonumber, tostring = tostring, type = type,
  xpcall = xpcall, coroutine = coroutine, math = math, string = string, table = table, utf8 = utf8,
}
local environment_meta = { __index = globals, __metatable = false }
getmetatable("").__metatable = false
string.dump = nil
math.randomseed = nil
math.random = host_random

local function enter(number)
  local before = current
  current = number
  control[1] = number
  return before
end

-- Runs a function as an entity's own, within another callback; what it throws is reported and ends it alone.
local function run_nested(entity, callback, what)
  local before = enter(entity.number)
  local ok, message = xpcall(callback, host_handler)
  enter(before)
  if not ok then host_report(entity.number, what, message) end
end

function globals.load(chunk, name, mode, ...)
  if mode == "b" then return nil, "bytecode is not loaded" end
  local environment
  if select("#", ...) > 0 then environment = (...) else
    local entity = by_number[current]
    environment = entity and entity.env or setmetatable({}, environment_meta)
  end
  return load(chunk, name, "t", environment)
end

local function create(name, number, slot, fields)
  local self = {}
  if fields ~= nil then for key, value in next, fields do self[key] = value end end
  self.id, self.slot = number, slot
  local env = setmetatable({ self = self }, environment_meta)
  env._G = env
  local entity = { number = number, name = name, slot = slot, env = env, self = self }
  entities[#entities + 1] = entity
  by_number[number] = entity
  by_self[self] = entity
  return entity
end

local function entity_of(value, what)
  local number = type(value) == "table" and by_self[value] or by_number[value == "world" and 255 or value]
  if not number then error(what .. " is no entity: give a slot, \\"world\\", or what echo.spawn, echo.players or echo.entities gave", 3) end
  return number
end

local echo, network = {}, {}
globals.echo, echo.network = echo, network

function network.emit(kind, payload, options)
  local to = -1
  if options ~= nil then
    if type(options) ~= "table" then error("the third argument of echo.network.emit is a table, such as {to = \\"world\\"}", 2) end
    if options.to ~= nil then to = entity_of(options.to, "to").number end
  end
  host_emit(current, to, kind_numbers[kind] or 0, payload, kind)
end
function network.event(kind, declaration)
  if not is_declaring then error("declare events while the script runs, not in a callback", 2) end
  host_event(kind, declaration)
end
function network.component(name, fields)
  if not is_declaring then error("declare components while the script runs, not in a callback", 2) end
  host_component(name, fields)
end
function echo.effect(name, key, data) host_effect(current, name, key, data) end
function echo.chronos() return match.now end
function echo.kairos() return match.kairos end
echo.random = host_random

function echo.log(...)
  local parts = {}
  for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
  host_log(current, concat(parts, " "))
end
globals.print = echo.log

function echo.delay(seconds, callback)
  if mathtype(seconds) == nil or not (seconds >= 0 and seconds <= 86400) then
    error("echo.delay takes seconds from 0 to 86400 first", 2)
  end
  if type(callback) ~= "function" then error("echo.delay takes a function second", 2) end
  if waiting >= max_delays then error("more than " .. max_delays .. " delays wait", 2) end
  local ticks = (seconds * hz + 0.5) // 1 | 0
  if ticks < 1 then ticks = 1 end
  local tick = match.now + ticks
  waiting, serial = waiting + 1, serial + 1
  local list = delays[tick]
  if list == nil then
    delays[tick] = { serial, current, callback }
  else
    local count = #list
    list[count + 1], list[count + 2], list[count + 3] = serial, current, callback
  end
end

function echo.players()
  local found = {}
  for i = 1, #entities do
    local entity = entities[i]
    if entity.slot ~= nil then found[#found + 1] = entity.env.self end
  end
  return found
end

function echo.entities(name)
  local found = {}
  for i = 1, #entities do
    local entity = entities[i]
    if not entity.dead and (name == nil or entity.name == name) then found[#found + 1] = entity.env.self end
  end
  return found
end

local function start(entity)
  local before = is_declaring
  is_declaring = true
  run_nested(entity, function() scripts[entity.name](entity.env) end, entity.name .. ".lua")
  is_declaring = false
  local on_start = entity.env.on_start
  if on_start ~= nil then run_nested(entity, on_start, "on_start") end
  is_declaring = before
end

function echo.spawn(name, fields)
  if scripts[name] == nil then error("echo.spawn: the game has no script " .. tostring(name) .. ".lua", 2) end
  if name == "player" or name == "world" then error("echo.spawn: " .. name .. ".lua is not spawned", 2) end
  if fields ~= nil and type(fields) ~= "table" then error("echo.spawn takes a table of fields second", 2) end
  if #entities >= max_entities then error("more than " .. max_entities .. " entities", 2) end
  next_number = next_number + 1
  local entity = create(name, next_number - 1, nil, fields)
  start(entity)
  return entity.self
end

function echo.despawn(which)
  local entity = which == nil and by_number[current] or entity_of(which, "what echo.despawn is given")
  if entity == nil or entity.dead then return end
  if entity.number < 256 then error("echo.despawn: players and the world stay", 2) end
  entity.dead = true
  has_dead = true
  by_number[entity.number] = nil
  by_self[entity.self] = nil
end

-- What the engine calls.
local engine = {}

-- A script's text as a function that runs it in a given environment.
function engine.add_script(name, file, text)
  scripts[name] = assert(load("return function(_ENV, ...) " .. text .. "\\nend", "@" .. file, "t", {}))()
end
-- What every event of a match has, told once.
function engine.set_match(id) match.kairos = id end

-- What hands an event of a kind to its handler. Where the fields are known, they come one by one, and it is written
-- for them, so that one constructor makes the payload. Without a slot the event is the entity's own and its player
-- the author; with one, an author of nil is the simulation.
function engine.add_kind(name, number, fields)
  kind_numbers[name] = number
  local taken, payload = { "payload" }, "payload"
  if fields ~= nil then
    local made = {}
    for i = 1, #fields do taken[i], made[i] = "p" .. i, '["' .. fields[i] .. '"] = p' .. i end
    payload = "{ " .. concat(made, ", ") .. " }"
  end
  local text = [[local by_number, enter, match = ...
    return function(id, number, ]] .. concat(taken, ", ") .. [[, slot, author)
      local entity = by_number[number]
      if entity == nil then return end
      local handler = entity.env["on_]] .. name .. [["]
      if handler == nil then return end
      enter(number)
      handler({
        kind = "]] .. name .. [[", payload = ]] .. payload .. [[, chronos = match.now, kairos = match.kairos,
        author = slot and (author or "simulation") or number, slot = slot or number, id = id,
      })
    end]]
  return assert(load(text, "=[echo]", "t", {}))(by_number, enter, match)
end
function engine.create(name, number, slot) create(name, number, slot) end
function engine.run_chunk(number)
  local entity = by_number[number]
  enter(number)
  is_declaring = true
  scripts[entity.name](entity.env)
end
function engine.run_start(number)
  is_declaring = false
  local on_start = by_number[number].env.on_start
  enter(number)
  if on_start ~= nil then on_start() end
end
function engine.handler_names(number)
  local found = {}
  for key, value in next, by_number[number].env do
    if type(key) == "string" and type(value) == "function" then found[#found + 1] = key end
  end
  return concat(found, " ")
end

function engine.begin_tick(chronos)
  match.now, is_declaring = chronos, false
  enter(255)
end

-- What ran as an entity's callback of this name, or as the delay with this serial.
function engine.callback_of(number, name, serial)
  for job = 1, #due, 3 do
    if due[job] == serial then return due[job + 2] end
  end
  local entity = by_number[number]
  return entity and entity.env[name]
end

-- Takes out the delays that are due; returns how many callbacks the tick runs: those, then one for each entity.
function engine.prepare_jobs()
  if #due > 0 then due = {} end
  -- A tick in which no script ran has left its own to the next.
  for tick = taken_to + 1, match.now do
    local list = delays[tick]
    if list ~= nil then
      delays[tick] = nil
      waiting = waiting - #list // 3
      if #due == 0 then due = list else move(list, 1, #list, #due + 1, due) end
    end
  end
  taken_to = match.now
  tick_count = #entities
  return #due // 3 + tick_count
end

-- Runs the tick's callbacks from one on. After something was thrown, control[2] tells which, control[4] from which on.
function engine.run_jobs(from, suppressed)
  control[4] = from
  local delayed = #due // 3
  for job = from, delayed do
    local serial, number, callback = due[job * 3 - 2], due[job * 3 - 1], due[job * 3]
    if by_number[number] ~= nil and not (suppressed and suppressed["delay " .. serial]) then
      current, control[1], control[2], control[3] = number, number, job, serial
      callback()
    end
  end
  local entities, control = entities, control
  control[3] = 0
  local first = from > delayed and from or delayed + 1
  for job = first, delayed + tick_count do
    local entity = entities[job - delayed]
    local on_tick = entity.env.on_tick
    if on_tick ~= nil and not (has_dead and entity.dead) then
      local number = entity.number
      if not (suppressed and suppressed["tick " .. number]) then
        current, control[1], control[2] = number, number, job
        on_tick()
      end
    end
  end
end

function engine.end_tick()
  enter(255)
  control[3], control[4] = 0, 0
  if #due > 0 then due = {} end
  if not has_dead then return end
  has_dead = false
  local kept = {}
  for i = 1, #entities do
    if not entities[i].dead then kept[#kept + 1] = entities[i] end
  end
  entities = kept
end

-- The collector works off what the tick allocated, and a little more; it never runs by itself.
local counted = 0
function engine.collect()
  local step = floor(collectgarbage("count") - counted)
  if step < 0 then step = 0 elseif step > collect_most then step = collect_most end
  collectgarbage("step", step + collect_base)
  counted = collectgarbage("count")
end
function engine.stop_collector(multiplier, bits)
  collectgarbage()
  collectgarbage("stop")
  collectgarbage("incremental", 0, multiplier, bits)
  counted = collectgarbage("count")
end

function engine.run_input(number, chronos, input, memory)
  match.now = chronos
  echo.input, echo.local_state = input, memory
  local on_input = by_number[number].env.on_input
  enter(number)
  if on_input ~= nil then on_input() end
end
function engine.local_state() return echo.local_state end

-- Changes one number of the state.
function engine.corrupt()
  for i = 1, #entities do
    local self = entities[i].env.self
    if type(self) == "table" then
      for key, value in next, self do
        if mathtype(value) ~= nil and key ~= "id" and key ~= "slot" then
          self[key] = value + 1
          return
        end
      end
      self.corrupted = true
      return
    end
  end
end

-- For the inspector and views: number, script, slot and self of each entity.
function engine.look()
  local found = {}
  for i = 1, #entities do
    local entity = entities[i]
    if not entity.dead then
      found[#found + 1] = { id = entity.number, script = entity.name, slot = entity.slot, self = entity.env.self }
    end
  end
  return found
end
local real = _G
for key in next, real do real[key] = nil end
return engine
`;
