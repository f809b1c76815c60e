-- What players without a device do. It is asked in on_input, on a copy of the state that is thrown away: nothing here
-- is part of the match, and what it wants to remember goes into `memory`, the player's echo.local_state.

local NEVER = 1000000000
local FUSE_TICKS, WATER_TICKS = 150, 36
-- A plan keeps this far away from the water's first and last tick.
local MARGIN_TICKS = 3
-- Asked for and not got: perhaps the event is still on its way, perhaps somebody was faster.
local PATIENCE_TICKS = 20
local THINK_EVERY_TICKS = 4
-- A step takes at most 12 ticks, which is 3 thoughts.
local STUCK_THOUGHTS = 5
-- A rival's balloon does not frighten a bot before its fuse is this short: too careful players are no fun to watch.
local ALARM_TICKS = 36
-- Bots look no farther than this.
local FARTHEST_STEPS = 8
local CHEERS = { "Splash!", "Got you!", "Wet?", "Ha!", "Bullseye!" }

local world = echo.entities("world")[1]
local FREE, WALL, CRATE, STEPS

function on_start()
  FREE, WALL, CRATE, STEPS = world.FREE, world.WALL, world.CRATE, {}
  for i, direction in ipairs(world.DIRECTIONS) do STEPS[i] = world:next_cell(0, direction) end
end

-- The rivals in play, and the cells they are on.
local function rivals_of(player)
  local rivals, is_rival = {}, {}
  for _, other in ipairs(echo.players()) do
    if other ~= player and other.alive then
      rivals[#rivals + 1] = other
      is_rival[other.cell] = true
    end
  end
  return rivals, is_rival
end

-- When water comes to each cell, chains included, as far as it comes to any.
local function danger_of(balloons)
  local danger, bursts, reached = {}, {}, {}
  for i, balloon in ipairs(balloons) do
    bursts[i] = math.max(balloon.bursts_at, world.tick)
    reached[i] = world:splashed(balloon.cell, balloon.reach)
  end
  local settled
  repeat
    settled = true
    for i, cells in ipairs(reached) do
      for _, cell in ipairs(cells) do
        if bursts[i] < (danger[cell] or NEVER) then danger[cell] = bursts[i] end
      end
    end
    for i, balloon in ipairs(balloons) do
      local sooner = danger[balloon.cell] + 1
      if sooner < bursts[i] then bursts[i], settled = sooner, false end
    end
  until settled
  return danger
end

-- Cells that can be walked to without getting wet, nearest first; with the steps to each and the cell before it.
-- This is the most that a thought costs: it reads the board itself, and calls nobody.
local function explore(player, is_rival, danger)
  local board, water, now = world.board, world.water, world.tick
  local start, step_ticks = math.max(now, player.arrives_at), player.step_ticks
  local reached, steps, before = { player.cell }, { [player.cell] = 0 }, {}
  local count, i = 1, 1
  while i <= count and steps[reached[i]] < FARTHEST_STEPS do
    local cell = reached[i]
    local taken = steps[cell] + 1
    local enters = start + steps[cell] * step_ticks
    local leaves = enters + 2 * step_ticks
    for j = 1, #STEPS do
      local next = cell + STEPS[j]
      if not steps[next] and board[next] == FREE and water[next] <= now and not is_rival[next]
        and not world:balloon_on(next) then
        local bursts = danger[next]
        if not bursts or bursts - MARGIN_TICKS >= leaves or bursts + WATER_TICKS + MARGIN_TICKS <= enters then
          steps[next], before[next] = taken, cell
          count = count + 1
          reached[count] = next
        end
      end
    end
    i = i + 1
  end
  return { reached = reached, steps = steps, before = before }
end

-- The nearest cell that stays dry, else the one that stays dry longest.
local function refuge(paths, danger)
  local best = paths.reached[1]
  for _, cell in ipairs(paths.reached) do
    if (danger[cell] or NEVER) > (danger[best] or NEVER) then best = cell end
  end
  return best
end

local function first_step(paths, here, target)
  local cell = target
  while cell ~= here and paths.before[cell] ~= here do cell = paths.before[cell] end
  for _, direction in ipairs(world.DIRECTIONS) do
    if world:next_cell(here, direction) == cell then return direction end
  end
  return "stay"
end

-- How many rivals and crates a balloon would hit that is dropped in a cell.
local function hits_from(cell, reach, is_rival)
  local board = world.board
  local rivals, crates = 0, 0
  for i = 1, #STEPS do
    local step, at = STEPS[i], cell
    for _ = 1, reach do
      at = at + step
      local kind = board[at]
      if kind == WALL then break end
      if is_rival[at] then rivals = rivals + 1 end
      if kind == CRATE then crates = crates + 1 break end
    end
  end
  return rivals, crates
end

-- How much a bot would like to stand in a cell.
local function worth_of(cell, rivals, pickups)
  local worth = 0
  for i = 1, #pickups do
    if world:distance(pickups[i].cell, cell) <= 1 then worth = worth + 30 end
  end
  for i = 1, #rivals do
    local steps = world:distance(rivals[i].cell, cell)
    if steps < 10 then worth = worth + 10 - steps end
  end
  return worth
end

-- Whether there is a dry place left after a balloon was left here.
local function can_flee(player, is_rival, balloons)
  local more = { { cell = player.cell, reach = player.reach, bursts_at = world.tick + FUSE_TICKS } }
  table.move(balloons, 1, #balloons, 2, more)
  local danger = danger_of(more)
  for _, cell in ipairs(explore(player, is_rival, danger).reached) do
    if danger[cell] == nil then return true end
  end
  return false
end

-- Where to go next: out of danger first, else to what is worth most; and whether to leave a balloon here.
local function way_of(player, is_settled)
  local rivals, is_rival = rivals_of(player)
  local balloons, feared = echo.entities("balloon"), {}
  for _, balloon in ipairs(balloons) do
    if balloon.owner == player.slot or balloon.bursts_at < world.tick + ALARM_TICKS then
      feared[#feared + 1] = balloon
    end
  end
  local danger = danger_of(feared)
  local paths = explore(player, is_rival, danger)
  local here = player.cell
  if danger[here] then return first_step(paths, here, refuge(paths, danger)), false end

  local can_drop = player:can_drop(here, world.tick)
  local pickups = echo.entities("pickup")
  local luck = echo.random(0, 2)
  local best, most = here, -NEVER
  for i, cell in ipairs(paths.reached) do
    if not danger[cell] then
      local worth = worth_of(cell, rivals, pickups) - 2 * paths.steps[cell] + (i + luck) % 3
      if can_drop then
        local hit, broken = hits_from(cell, player.reach, is_rival)
        worth = worth + 25 * hit + 6 * broken
      end
      if worth > most then best, most = cell, worth end
    end
  end
  local heading = first_step(paths, here, best)
  if not can_drop then return heading, false end
  local hit, broken = hits_from(here, player.reach, is_rival)
  local wants = hit > 0 or (best == here and is_settled and broken > 0)
  return heading, wants and can_flee(player, is_rival, balloons)
end

-- Takes what lies at hand, and dives for what a rival is about to take.
local function reach_out(player, memory, plan)
  local now = world.tick
  for _, pickup in ipairs(echo.entities("pickup")) do
    local cell = pickup.cell
    local waits = memory.asked == cell and now < memory.asked_at + PATIENCE_TICKS
    if not waits and world:distance(player.cell, cell) <= 3 then
      local takes = player:can_take(cell, now)
      local dives = false
      if not takes and player:can_dive(cell, now) then
        for _, rival in ipairs((rivals_of(player))) do
          if world:distance(rival.cell, cell) <= 2 then dives = true end
        end
      end
      if takes or dives then
        memory.asked, memory.asked_at = cell, now
        plan[takes and "take" or "dive"] = cell
        return
      end
    end
  end
end

-- What a player does in this tick: { heading, drop, take, dive, cheer }.
function self:plan(player, memory)
  local plan = { heading = "stay" }
  if not player.alive or world.phase ~= "play" then return plan end
  reach_out(player, memory, plan)
  if player.points > (memory.points or 0) and echo.random(2) == 1 then plan.cheer = CHEERS[echo.random(#CHEERS)] end
  memory.points = player.points

  local now = world.tick
  if (now + player.slot) % THINK_EVERY_TICKS == 0 then
    local heading, drop = way_of(player, (memory.stood or 0) >= 2)
    memory.stood = heading == "stay" and (memory.stood or 0) + 1 or 0
    local is_stuck = heading ~= "stay" and player.cell == memory.cell
    memory.stuck = is_stuck and memory.stuck + 1 or 0
    memory.cell = player.cell
    -- Two who wait for each other to make way would wait for ever.
    if memory.stuck > STUCK_THOUGHTS then heading = world.DIRECTIONS[echo.random(4)] end
    memory.heading = heading
    if drop and now >= (memory.dropped_at or -NEVER) + PATIENCE_TICKS then
      plan.drop = true
      memory.dropped_at = now
    end
  end
  plan.heading = memory.heading or "stay"
  return plan
end
