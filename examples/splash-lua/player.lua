-- One player. Events come from the player's own machine, as that machine wrote them: what is allowed is decided here,
-- at every peer alike.

-- A sample of the stick for one tick. Whoever sends none in a tick stands still in it.
echo.network.event("steer", { fields = { heading = "oneOf(stay, up, right, down, left)" }, predict = "repeat" })
echo.network.event("drop", {})
-- Two may reach for one pickup in one tick: one of them gets it, and a dive beats a hand.
echo.network.event("take", { fields = { cell = "u8" }, reads = "pickup/{cell}", writes = "pickup/{cell}", aion_weight = 1 })
echo.network.event("dive", { fields = { cell = "u8" }, reads = "pickup/{cell}", writes = "pickup/{cell}", aion_weight = 2 })
echo.network.event("cheer", { fields = { word = "text(24)" } })

echo.network.component("cell", "u8")
echo.network.component("from", "u8")
echo.network.component("left_at", "tick")
echo.network.component("arrives_at", "tick")
echo.network.component("facing", "oneOf(up, right, down, left)")
echo.network.component("alive", "bool")
echo.network.component("soaked_until", "tick")
echo.network.component("shielded_until", "tick")
echo.network.component("down_until", "tick")
echo.network.component("balloons", "u8")
echo.network.component("reach", "u8")
echo.network.component("step_ticks", "u8")
echo.network.component("boots", "bool")
echo.network.component("points", "u8")
echo.network.component("wins", "u32")
echo.network.component("word", "text(24)")
echo.network.component("word_until", "tick")

local SOAKED_TICKS = 120
local SHIELD_TICKS = 90
local DIVE_TICKS = 40
local CHEER_TICKS = 90
local SLOWEST_STEP_TICKS = 12

-- The world's self; what it offers is in world.lua. The bot is spawned by the world, before on_start of any player.
local world = echo.entities("world")[1]
local bot

self.wins, self.word, self.word_until = 0, "", 0

-- What the world asks of a player --------------------------------------------------------------------------------------

local function stand_on(cell, now)
  self.cell, self.from, self.left_at, self.arrives_at = cell, cell, now, now
end

function self:begin_round(cell)
  stand_on(cell, echo.chronos())
  self.heading, self.steered_at, self.facing = "stay", -1, "down"
  self.alive, self.soaked_until, self.shielded_until, self.down_until = true, 0, 0, 0
  self.balloons, self.reach, self.step_ticks, self.boots = 2, 2, SLOWEST_STEP_TICKS, false
  self.lying, self.points = 0, 0
end

-- Where the player is for water and for the hands: the nearer end of the present step.
function self:stands_on(now)
  if 2 * now < self.left_at + self.arrives_at then return self.from end
  return self.cell
end

function self:is_ready(now) return self.alive and self.down_until <= now end

function self:step_to(cell, now)
  self.from, self.cell = self.cell, cell
  self.left_at, self.arrives_at = now, now + self.step_ticks
end

function self:soak(now)
  self.alive, self.soaked_until = false, now + SOAKED_TICKS
end

function self:come_back(cell, now)
  stand_on(cell, now)
  self.alive, self.soaked_until, self.down_until = true, 0, 0
  self.shielded_until = now + SHIELD_TICKS
end

-- What events do -------------------------------------------------------------------------------------------------------

-- Whether the hands reach a cell: the player's own or one next to it.
function self:can_take(cell, now)
  return self:is_ready(now) and world:distance(self:stands_on(now), cell) <= 1
end

-- Whether a dive reaches it: two cells away in a straight line, with no wall between.
function self:can_dive(cell, now)
  if not self:is_ready(now) then return false end
  local here = self:stands_on(now)
  for _, direction in ipairs(world.DIRECTIONS) do
    local between = world:next_cell(here, direction)
    if not world:is_wall(between) and world:next_cell(between, direction) == cell then return true end
  end
  return false
end

function self:can_drop(cell, now)
  return self:is_ready(now) and self.lying < self.balloons and world.phase == "play" and not world:balloon_on(cell)
end

function on_steer(evt)
  self.heading, self.steered_at = evt.payload.heading, evt.chronos
end

function on_drop(evt)
  local cell = self:stands_on(evt.chronos)
  if not self:can_drop(cell, evt.chronos) then return end
  self.lying = self.lying + 1
  world:drop(self.slot, cell, self.reach)
end

function on_take(evt)
  local pickup = world:pickup_on(evt.payload.cell)
  if pickup and self:can_take(pickup.cell, evt.chronos) then pickup:give(self) end
end

function on_dive(evt)
  local pickup = world:pickup_on(evt.payload.cell)
  if not pickup or not self:can_dive(pickup.cell, evt.chronos) then return end
  pickup:give(self)
  self.down_until = evt.chronos + DIVE_TICKS
end

function on_cheer(evt)
  self.word, self.word_until = evt.payload.word, evt.chronos + CHEER_TICKS
end

function on_start()
  bot = echo.entities("bot")[1]
end

-- At the player's own machine --------------------------------------------------------------------------------------------

local function heading_of(keys)
  local x, y = keys.x or 0, keys.y or 0
  if x ~= 0 then return x > 0 and "right" or "left" end
  if y ~= 0 then return y > 0 and "down" or "up" end
  return "stay"
end

-- A pickup within reach of the hands.
local function at_hand()
  local here = self:stands_on(world.tick)
  if world:pickup_on(here) then return here end
  for _, direction in ipairs(world.DIRECTIONS) do
    local cell = world:next_cell(here, direction)
    if world:pickup_on(cell) then return cell end
  end
end

function on_input()
  local plan = echo.input
  if plan == nil then
    plan = bot:plan(self, echo.local_state)
    echo.network.emit("steer", { heading = plan.heading })
    if plan.dive then echo.network.emit("dive", { cell = plan.dive }) end
    if plan.take then echo.network.emit("take", { cell = plan.take }) end
  else
    echo.network.emit("steer", { heading = heading_of(plan) })
    local cell = plan.take and at_hand()
    if cell then echo.network.emit("take", { cell = cell }) end
  end
  if plan.drop then echo.network.emit("drop", {}) end
  if plan.cheer then echo.network.emit("cheer", { word = plan.cheer }) end
end
