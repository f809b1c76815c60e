/** Ticks a second where a game says nothing. */
export const DEFAULT_TICK_HZ = 60;

/** Characters of a game's name and of its version. */
export const GAME_NAME_LENGTH = 64;

/** Deepest nesting of a state: containers that may stand inside one another. */
export const STATE_DEPTH = 64;

/** Most bytes of all views of one arena. */
export const ARENA_BYTES = 67_108_864;

/** Most effects that one tick may ask for. */
export const EFFECTS_PER_TICK = 1024;

/** Bytes that the effects of one tick carry, in games of modules and scripts, which may be somebody else's. */
export const EFFECT_BYTES_PER_TICK = 262_144;

/** What an effect, and each value in its data, counts beside its bytes. */
export const EFFECT_VALUE_BYTES = 32;

/** Longest key of an effect, in UTF-16 units. */
export const EFFECT_KEY_LENGTH = 256;

/** Keys that an event may declare to read, and to write. */
export const CLAIM_TEMPLATES = 16;

/** UTF-16 units of one of them. */
export const CLAIM_TEMPLATE_LENGTH = 256;

/** Items of a list that such a key may name: each makes a key of its own. */
export const CLAIM_KEYS = 64;

/** Lines that one tick, or one call for a player's input, may log. */
export const LOGS_PER_TICK = 64;

/** Bytes of one of them that are kept. */
export const LOG_BYTES = 512;

/** After so many throws over one entity's events in one tick, none of that entity's events run in it. */
export const FAULTS_PER_ENTITY = 3;

/** A look at the whole state costs as much as several saves: unguarded, the first get one, then one in so many. */
export const CHECKED_SAVES = 64;

/** Typed arrays with more items are not looked through for named properties that a save would lose. */
export const LISTED_ITEMS = 1_024;

/** Objects with more keys are dictionaries: their keys are written beside their values. */
export const SHAPE_KEYS = 32;

/** Shapes of objects that are remembered between saves; past it all are forgotten and learned again. */
export const REMEMBERED_SHAPES = 1024;
