-- The script of each player. Play a match of bots on a bad network:
--   npx echo-net simulate . --peers 3 --net mobile --watch
-- and look for slips, and for what would make players see different games:
--   npx echo-net check .

-- Events are all that crosses the network. `predict = "repeat"` is for what is sent in every tick.
echo.network.event("move", { fields = { x = "i8", y = "i8" }, predict = "repeat" })
-- Of two who take one coin in one tick, one gets it; the other's event is refused at every peer.
echo.network.event("take", { fields = { coin = "u32" }, reads = "coin/{coin}", writes = "coin/{coin}" })

-- Components are what a renderer sees of `self`.
echo.network.component("x", "f64")
echo.network.component("y", "f64")
echo.network.component("score", "u32")
echo.network.component("is_happy", "bool")

local SPEED = 1 / 4

local world = echo.entities("world")[1]

self.x, self.y = 2.0 + 5 * self.slot, 2.0
self.score, self.is_happy = 0, false

-- Whether a coin is near enough to be taken.
local function reaches(coin)
  return math.abs(coin.x - self.x) < 1 and math.abs(coin.y - self.y) < 1
end

local function sign(number)
  return number > 0 and 1 or number < 0 and -1 or 0
end

-- Runs at this player's own machine alone, once a tick, on a copy of the state: what it emits is what remains of it.
-- `echo.input` is what the page or program gave as the player's device, here { x, y }; without one a bot plays.
function on_input()
  local keys = echo.input
  local coins = echo.entities("coin")
  if keys == nil then
    local goal = coins[self.slot % #coins + 1]
    keys = { x = sign(math.floor(goal.x - self.x)), y = sign(math.floor(goal.y - self.y)) }
  end
  echo.network.emit("move", { x = sign(keys.x or 0), y = sign(keys.y or 0) })
  for _, coin in ipairs(coins) do
    if reaches(coin) then echo.network.emit("take", { coin = coin.id }) end
  end
end

-- All from here on runs at every peer alike. Other players' events come as they wrote them: what is allowed is decided
-- here.
function on_move(evt)
  self.x = world:within(self.x + SPEED * sign(evt.payload.x), world.width)
  self.y = world:within(self.y + SPEED * sign(evt.payload.y), world.height)
end

function on_take(evt)
  for _, coin in ipairs(echo.entities("coin")) do
    if coin.id == evt.payload.coin and reaches(coin) then
      self.score = self.score + 1
      self.is_happy = true
      echo.delay(0.5, function() self.is_happy = false end)
      echo.effect("coin", nil, { x = coin.x, y = coin.y, player = self.slot })
      coin:move_on()
    end
  end
end
