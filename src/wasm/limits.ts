/** Bytes of a module before it is prepared: browsers compile no more than this at once outside a worker. */
export const MAX_MODULE_BYTES = 8_388_608;
/** Locals of one function: engines take 50,000, but no stack holds many calls of such a function. */
export const MAX_LOCALS = 8_000;
/** Estimated bytes of stack of one call: by so much nested calls may pass `STACK_BYTES` before they trap. */
export const MAX_FRAME_BYTES = 65_536;
/** Mutable globals of a module: their values fit one page, sixteen bytes each. */
export const MAX_MUTABLE_GLOBALS = 4_096;
/** Bytes of a page of memory, as WebAssembly defines it. */
export const PAGE_BYTES = 65_536;
/** Pages that a module may grow to where the options say nothing: 16 MiB. */
export const MEMORY_CAP_PAGES = 256;
/** Estimated bytes of stack that calls within a module may take together. */
export const STACK_BYTES = 262_144;
/** Fuel that one charge at a function entry or loop header costs at most. */
export const REGION_FUEL_MAX = 40;
/** Instructions that any path runs at most between two charges. */
export const PATH_OPS_MAX = 256;
/** Fuel that a page costs when memory grows. */
export const PAGE_FUEL = 1_024;
/** Fuel that a call of an import costs where its rule says nothing. */
export const IMPORT_FUEL = 100;
/** Fuel of a module's start function. */
export const START_FUEL = 200_000_000;
/** Fuel of all handlers of one entity's events in one tick, whoever calls first. */
export const HANDLER_FUEL = 2_000_000;
/** Fuel of one step. */
export const STEP_FUEL = 20_000_000;
/** Fuel of a setup. */
export const SETUP_FUEL = 200_000_000;
/** Fuel of one call for a player's input. */
export const INPUT_FUEL = 4_000_000;
/** Fuel of one call that shows the state. */
export const VIEW_FUEL = 20_000_000;
/** Faults in one tick after which none of its events are handled. */
export const FAULTS_PER_TICK = 8;
/** Bytes that a player's input may remember from call to call. */
export const REMEMBERED_BYTES = 4_096;
/** Bytes that a module hands over in one call of an import. */
export const HANDED_BYTES = 65_536;
/** Bytes of what it shows of its state. */
export const VIEW_BYTES = 1_048_576;
/** Bytes of a module's declaration. */
export const DECLARATION_BYTES = 65_536;
/** Lists and optionals inside one another in a declared field. */
export const DECLARED_NESTING = 9;
