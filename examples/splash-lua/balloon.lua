-- A balloon, from the moment it is dropped to its burst. It begins with { cell, owner, reach }.

-- Only the simulation itself says this, one tick after a fuse ran out or water came.
echo.network.event("burst", {})

echo.network.component("cell", "u8")
echo.network.component("owner", "u8")
echo.network.component("reach", "u8")
echo.network.component("dropped_at", "tick")
echo.network.component("bursts_at", "tick")
echo.network.component("sliding", "oneOf(stay, up, right, down, left)")

local FUSE_TICKS = 150
local SLIDE_TICKS = 3

local world = echo.entities("world")[1]
local is_lit = false

self.sliding = "stay"

-- Lets it burst in the next tick. Its fuse and the water of several others may come to it: it bursts once.
function self:light()
  if is_lit then return end
  is_lit = true
  echo.network.emit("burst", {}, { to = self })
end

function self:kick(heading) self.sliding = heading end

function on_start()
  self.dropped_at = echo.chronos()
  self.bursts_at = self.dropped_at + FUSE_TICKS
  -- A delay ends with its entity: where a chain bursts the balloon earlier, nothing is left to be called.
  echo.delay(FUSE_TICKS / 60, function() self:light() end)
end

function on_tick()
  if self.sliding == "stay" or (echo.chronos() - self.dropped_at) % SLIDE_TICKS ~= 0 then return end
  local cell = world:next_cell(self.cell, self.sliding)
  if world:is_open(cell) and not world:player_on(cell) then world:slide(self, cell)
  else self.sliding = "stay" end
end

function on_burst(evt)
  -- Any player can send an event of any declared kind: this one counts only as the simulation's own.
  if evt.author ~= "simulation" then return end
  local thrower = echo.players()[self.owner + 1]
  thrower.lying = thrower.lying - 1
  world:flood(self)
  echo.effect("burst", tostring(self.id), { cell = self.cell, reach = self.reach })
  echo.despawn()
end
