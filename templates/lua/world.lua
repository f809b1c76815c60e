-- One entity, the first to run in every tick: the field, and the coins on it.

echo.network.component("width", "u8")
echo.network.component("height", "u8")

local COINS = 4

self.width, self.height = 40, 16

-- What other scripts call stands in `self`: scripts do not load one another.
function self:within(number, size)
  return math.max(0.0, math.min(size - 1.0, number))
end

function on_start()
  for _ = 1, COINS do echo.spawn("coin") end
end
