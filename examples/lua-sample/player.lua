-- The specification's sample of gameplay in Lua. It emits from on_input, where the player's device is at hand, so that
-- the event reaches on_player_input at every peer.

self.x = 0

function on_input()
  echo.network.emit("player_input", {
    axis = echo.input or echo.random(-1, 1),
    tick = echo.chronos()
  })
end

function on_player_input(evt)
  self:applyInput(evt.payload)
end

function self:applyInput(input)
  self.x = self.x + input.axis
  self.tick = input.tick
end
