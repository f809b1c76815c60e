-- The board, and all that concerns more than one player. The world is the first to run in every tick.
-- What other scripts call stands in `self`; what only this one needs is local. All of it is saved and rolled back.

echo.network.component("tick", "tick")
echo.network.component("board", "list(u8, 195)")
echo.network.component("water", "list(tick, 195)")
echo.network.component("round", "u32")
echo.network.component("phase", "oneOf(play, over)")
echo.network.component("next_round_at", "tick")

-- Cells are numbered row by row from 1. The rim is wall, so that no rule has to ask for the edge.
local WIDTH, HEIGHT = 15, 13
local CELLS = WIDTH * HEIGHT
local FREE, WALL, CRATE = 0, 1, 2
local STEP = { stay = 0, up = -WIDTH, right = 1, down = WIDTH, left = -1 }
local DIRECTIONS = { "up", "right", "down", "left" }
local PICKUPS = { "balloon", "reach", "speed", "boots" }

-- Times are ticks, 60 a second, where they are compared with the tick, and seconds where echo.delay waits for them.
local WATER_TICKS = 36
local PAUSE_TICKS = 180
local CRATE_RAIN_SECONDS = 4
local POINTS_TO_WIN = 3

local function cell_at(x, y) return y * WIDTH + x + 1 end

-- Where players begin and come back: corners first, then the middles of the sides.
local STARTS = {
  cell_at(1, 1), cell_at(13, 11), cell_at(13, 1), cell_at(1, 11),
  cell_at(7, 1), cell_at(7, 11), cell_at(1, 6), cell_at(13, 6),
}

local column, row = {}, {}
self.tick, self.board, self.water = 0, {}, {}
self.round, self.phase, self.next_round_at = 0, "play", 0
for cell = 1, CELLS do
  column[cell], row[cell] = (cell - 1) % WIDTH, (cell - 1) // WIDTH
  self.board[cell], self.water[cell] = FREE, 0
end
local board, water = self.board, self.water

-- What lies in a cell, by cell: an entity's self.
local balloons, pickups = {}, {}
-- Whose water stands in a cell, and of which balloon it is.
local water_owner, water_source = {}, {}
local players

-- The board, for everyone ------------------------------------------------------------------------------------------

self.FREE, self.WALL, self.CRATE = FREE, WALL, CRATE
self.DIRECTIONS = DIRECTIONS

-- Steps between two cells, as if nothing stood in between.
function self:distance(a, b)
  local x, y = column[a] - column[b], row[a] - row[b]
  return (x < 0 and -x or x) + (y < 0 and -y or y)
end

function self:next_cell(cell, heading) return cell + STEP[heading] end
function self:is_wall(cell) return board[cell] == WALL end
function self:is_wet(cell) return water[cell] > echo.chronos() end

-- Whether nothing but perhaps a player is in the way.
function self:is_open(cell) return board[cell] == FREE and balloons[cell] == nil end

function self:balloon_on(cell) return balloons[cell] end
function self:pickup_on(cell) return pickups[cell] end

function self:player_on(cell)
  for i = 1, #players do
    if players[i].alive and players[i].cell == cell then return players[i] end
  end
end

-- The cells that water from a cell comes to, ray by ray: it stops before walls, and at the first crate, which it hits.
function self:splashed(cell, reach)
  local cells = { cell }
  for i = 1, #DIRECTIONS do
    local step, at = STEP[DIRECTIONS[i]], cell
    for _ = 1, reach do
      at = at + step
      if board[at] == WALL then break end
      cells[#cells + 1] = at
      if board[at] == CRATE then break end
    end
  end
  return cells
end

-- Things on it -----------------------------------------------------------------------------------------------------

function self:drop(owner, cell, reach)
  balloons[cell] = echo.spawn("balloon", { cell = cell, owner = owner, reach = reach })
end

function self:slide(balloon, cell)
  balloons[balloon.cell] = nil
  balloon.cell = cell
  balloons[cell] = balloon
end

function self:put_pickup(cell, kind)
  pickups[cell] = echo.spawn("pickup", { cell = cell, kind = kind })
end

function self:remove_pickup(pickup)
  pickups[pickup.cell] = nil
  echo.despawn(pickup)
end

-- A balloon's water: breaks crates, some of which hide a pickup, washes away pickups that lie open, and lights the
-- balloons that it reaches.
function self:flood(balloon)
  balloons[balloon.cell] = nil
  local now = echo.chronos()
  for _, cell in ipairs(self:splashed(balloon.cell, balloon.reach)) do
    -- Where water stands already, it stays whose it was.
    if not self:is_wet(cell) then water_owner[cell], water_source[cell] = balloon.owner, balloon.id end
    water[cell] = now + WATER_TICKS
    if pickups[cell] then self:remove_pickup(pickups[cell]) end
    if balloons[cell] then balloons[cell]:light() end
    if board[cell] == CRATE then
      board[cell] = FREE
      if echo.random(100) <= 40 then self:put_pickup(cell, PICKUPS[echo.random(#PICKUPS)]) end
    end
  end
end

-- Steps that all take at once ----------------------------------------------------------------------------------------

-- The cell that a player wants to step to, or false. Whoever has boots kicks a balloon that is in the way.
local function wish_of(player, now)
  local heading = player.heading
  if heading == "stay" or player.steered_at ~= now then return false end
  if player.arrives_at > now or not player:is_ready(now) then return false end
  player.facing = heading
  local cell = player.cell + STEP[heading]
  if self:is_open(cell) then return cell end
  if balloons[cell] and player.boots then balloons[cell]:kick(heading) end
  return false
end

-- Place among the players of the one who stands in a cell or walks to it; nil where nobody does.
local function place_on(cell)
  for i = 1, #players do
    if players[i].alive and players[i].cell == cell then return i end
  end
end

-- Who wants a cell that another one wants in the same tick bumps into that one, and neither moves. A cell whose player
-- leaves in this tick is free: two may squeeze past each other, and rings may turn.
local function move_players(now)
  local wishes, goes, anyone = {}, {}, false
  for i = 1, #players do
    wishes[i] = wish_of(players[i], now)
    goes[i] = wishes[i]
    anyone = anyone or wishes[i] ~= false
  end
  if not anyone then return end
  for i = 1, #players do
    for j = i + 1, #players do
      if wishes[i] and wishes[i] == wishes[j] then goes[i], goes[j] = false, false end
    end
  end
  -- A player who stays keeps those behind from moving, who keep those behind them.
  local settled
  repeat
    settled = true
    for i = 1, #players do
      local ahead = goes[i] and place_on(goes[i])
      if ahead and not goes[ahead] then goes[i], settled = false, false end
    end
  until settled
  for i = 1, #players do
    if goes[i] then
      players[i]:step_to(goes[i], now)
    elseif wishes[i] then
      echo.effect("bump", nil, { slot = players[i].slot })
    end
  end
end

-- Rounds -------------------------------------------------------------------------------------------------------------

-- Cells that are kept free of crates when a board is dealt: the starts, and two steps around them.
local is_kept_free = {}
for _, start in ipairs(STARTS) do
  for cell = 1, CELLS do
    if self:distance(cell, start) <= 2 then is_kept_free[cell] = true end
  end
end

local function is_start(cell)
  for i = 1, #STARTS do
    if STARTS[i] == cell then return true end
  end
  return false
end

local function is_empty(cell)
  return self:is_open(cell) and not pickups[cell] and not self:is_wet(cell) and not self:player_on(cell)
end

-- Deals a new board: crates at random, with room around every start. Points go, wins stay.
local function deal()
  self.round, self.phase, self.next_round_at = self.round + 1, "play", 0
  for _, balloon in ipairs(echo.entities("balloon")) do echo.despawn(balloon) end
  for _, pickup in ipairs(echo.entities("pickup")) do echo.despawn(pickup) end
  balloons, pickups = {}, {}
  for cell = 1, CELLS do
    local x, y = column[cell], row[cell]
    local is_rim = x == 0 or y == 0 or x == WIDTH - 1 or y == HEIGHT - 1
    water[cell] = 0
    if is_rim or (x % 2 == 0 and y % 2 == 0) then board[cell] = WALL
    elseif not is_kept_free[cell] and echo.random(100) <= 50 then board[cell] = CRATE
    else board[cell] = FREE end
  end
  for i, player in ipairs(players) do player:begin_round(STARTS[i]) end
end

local function end_round(now)
  local is_won = false
  for _, player in ipairs(players) do
    if player.points >= POINTS_TO_WIN then
      is_won = true
      player.wins = player.wins + 1
      echo.effect("won", self.round .. "/" .. player.slot, { slot = player.slot, round = self.round })
    end
  end
  if not is_won then return end
  self.phase, self.next_round_at = "over", now + PAUSE_TICKS
  echo.delay(PAUSE_TICKS / 60, deal)
end

-- Soaks whoever stands in water: one point for each rival, one less for oneself.
local function soak_players(now)
  local soaked
  for i = 1, #players do
    local player = players[i]
    local cell = player:stands_on(now)
    if water[cell] > now and player.alive and player.shielded_until <= now then
      soaked = soaked or {}
      soaked[#soaked + 1] = { player = player, by = players[water_owner[cell] + 1], balloon = water_source[cell] }
    end
  end
  if soaked == nil then return end
  -- Points come last, so that two who soak each other both get theirs.
  for _, it in ipairs(soaked) do
    it.player:soak(now)
    echo.effect("soaked", it.balloon .. "/" .. it.player.slot, { slot = it.player.slot, by = it.by.slot })
  end
  for _, it in ipairs(soaked) do
    if it.by == it.player then it.by.points = math.max(0, it.by.points - 1)
    else it.by.points = it.by.points + 1 end
  end
  if self.phase == "play" then end_round(now) end
end

-- The free start that is farthest from everyone; chance breaks ties.
local function best_start()
  local best, most = {}, -1
  for _, start in ipairs(STARTS) do
    if is_empty(start) then
      local room = 99
      for _, rival in ipairs(players) do
        if rival.alive then room = math.min(room, self:distance(rival.cell, start)) end
      end
      if room > most then best, most = {}, room end
      if room == most then best[#best + 1] = start end
    end
  end
  return best[1] and best[echo.random(#best)]
end

local function return_players(now)
  for i = 1, #players do
    local player = players[i]
    if not player.alive and player.soaked_until <= now then
      local start = best_start()
      if start then player:come_back(start, now) end
    end
  end
end

-- Every so often a crate drops out of the sky, so that a round never runs dry.
local function rain_crates()
  echo.delay(CRATE_RAIN_SECONDS, rain_crates)
  local cell = echo.random(CELLS)
  if not is_empty(cell) or is_start(cell) then return end
  for _, player in ipairs(players) do
    if player.alive and self:distance(player.cell, cell) <= 2 then return end
  end
  board[cell] = CRATE
end

-- Callbacks ----------------------------------------------------------------------------------------------------------

function on_start()
  players = echo.players()
  echo.spawn("bot")
  deal()
  echo.delay(CRATE_RAIN_SECONDS, rain_crates)
end

function on_tick()
  local now = echo.chronos()
  self.tick = now
  move_players(now)
  soak_players(now)
  return_players(now)
end
