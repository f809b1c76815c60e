-- Something worth having that a crate hid. It begins with { cell, kind }.

echo.network.component("cell", "u8")
echo.network.component("kind", "oneOf(balloon, reach, speed, boots)")

local MOST_BALLOONS = 6
local LONGEST_REACH = 7
local FASTEST_STEP_TICKS = 7

local world = echo.entities("world")[1]

local gifts = {}
function gifts.balloon(player) player.balloons = math.min(MOST_BALLOONS, player.balloons + 1) end
function gifts.reach(player) player.reach = math.min(LONGEST_REACH, player.reach + 1) end
function gifts.speed(player) player.step_ticks = math.max(FASTEST_STEP_TICKS, player.step_ticks - 1) end
function gifts.boots(player) player.boots = true end

function self:give(player)
  gifts[self.kind](player)
  echo.effect("taken", tostring(self.id), { slot = player.slot, kind = self.kind, cell = self.cell })
  world:remove_pickup(self)
end
