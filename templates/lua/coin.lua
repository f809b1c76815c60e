-- Spawned by the world. Chance is the same at every peer, and after a rollback as before.

echo.network.component("x", "f64")
echo.network.component("y", "f64")

local world = echo.entities("world")[1]

function self:move_on()
  self.x, self.y = echo.random(world.width) - 1.0, echo.random(world.height) - 1.0
end

function on_start()
  self:move_on()
end
