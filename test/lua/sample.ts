/** The specification's own sample of gameplay in Lua, word for word. */
export const SAMPLE = `function on_start()
  echo.network.emit("player_input", {
    axis = self.move,
    tick = echo.chronos()
  })
end

function on_player_input(evt)
  self:applyInput(evt.payload)
end
`;

/** The part that the sample leaves to the game. */
export const APPLY_INPUT = `
function self:applyInput(input)
  self.inputs = (self.inputs or 0) + 1
  self.axis, self.tick = input.axis, input.tick
end
`;

/** As the sample, but from where the device's input is at hand. */
export const SAMPLE_ON_INPUT: string = SAMPLE.replace("on_start", "on_input").replace(
  "self.move",
  "echo.input",
);
