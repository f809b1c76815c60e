---@meta
-- What editors with LuaLS know of games in Lua: add the folder of this file to Lua.workspace.library.

---An entity's own table. Fields of the game's own are welcome.
---@class echo.Entity
---@field id integer number of the entity; a player's is its slot
---@field slot integer? slot of a player
---@field [any] any

---@class echo.Event
---@field kind string
---@field payload any
---@field chronos integer the event's tick
---@field kairos string the branch
---@field author integer|"simulation" the slot that sent it
---@field slot integer number of the entity that emitted it
---@field id integer

---@class echo.Declaration
---@field fields table<string, string>? types by field, such as { x = "i8" }
---@field predict "repeat"|"none"?
---@field reads string|string[]? keys, with {field} and {author} filled in
---@field writes string|string[]?
---@field aion_weight integer?

---@type echo.Entity
self = {}

echo = {}

---In on_input: what the player's device gave, or nil.
---@type any
echo.input = nil

---In on_input: plain data that lasts from call to call, at this machine alone.
---@type table
echo.local_state = {}

---The tick: a whole number of steps, never wall time.
---@return integer
function echo.chronos() end

---The branch of history.
---@return string
function echo.kairos() end

---As math.random; the same at every peer.
---@overload fun(): number
---@overload fun(m: integer): integer
---@param m integer
---@param n integer
---@return integer
function echo.random(m, n) end

---Calls a function after so many seconds of ticks, at least one tick on.
---@param seconds number 0 to 86400
---@param fn fun()
function echo.delay(seconds, fn) end

---The self of each player, by slot.
---@return echo.Entity[]
function echo.players() end

---The self of each entity of a script, or of all, in order of creation.
---@param name string?
---@return echo.Entity[]
function echo.entities(name) end

---Makes an entity of a script of the game's folder and runs it.
---@param name string
---@param fields table? what its self begins with
---@return echo.Entity
function echo.spawn(name, fields) end

---Ends an entity, by default the one that runs; players and the world stay.
---@param entity echo.Entity?
function echo.despawn(entity) end

---Asks to show or sound something. Not in on_input.
---@param name string
---@param key string? tells effects of one name apart
---@param data any
function echo.effect(name, key, data) end

---Leaves a line in the log.
---@param ... any
function echo.log(...) end

echo.network = {}

---In on_input sends an event to every peer; elsewhere makes a derived event for the next tick.
---@param kind string
---@param payload any plain data
---@param options { to: integer|"world"|echo.Entity }?
function echo.network.emit(kind, payload, options) end

---Declares an event.
---@param kind string
---@param declaration echo.Declaration
function echo.network.event(kind, declaration) end

---Declares that self[name] is shown to renderers.
---@param name string
---@param fields table<string, string>|string types by field, or one type
function echo.network.component(name, fields) end
