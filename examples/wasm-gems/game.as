// Gems: ships glide after gems on a field without edges. Written in AssemblyScript, which compiles to WebAssembly;
// everything a match needs of it is in docs/wasm.md. All state is in plain variables: no line saves or restores it.

@external("echo", "declare") declare function echoDeclare(at: usize, length: i32): void;
@external("echo", "emit") declare function echoEmit(kind: i32, at: usize, length: i32): void;
@external("echo", "effect") declare function echoEffect(effect: i32, keyAt: usize, keyLength: i32, at: usize, length: i32): void;
@external("echo", "random") declare function echoRandom(below: i32): i32;
@external("echo", "random_unit") declare function echoRandomUnit(): f64;
@external("echo", "chronos") declare function echoChronos(): i32;
@external("echo", "remember") declare function echoRemember(at: usize, length: i32): void;
@external("echo", "recall") declare function echoRecall(at: usize, capacity: i32): i32;
@external("echo", "view") declare function echoView(at: usize, length: i32): void;

const DECLARATION = `{
  "name": "gems", "version": "1", "tickHz": 60,
  "events": {
    "dash": {},
    "found": {"fields": {"gem": "u8", "slot": "u8"}},
    "steer": {"fields": {"x": "i8", "y": "i8"}, "predict": "repeat"}
  },
  "effects": {"sparkle": {"x": "f32", "y": "f32"}},
  "device": {"dash": "bool", "x": "i8", "y": "i8"},
  "view": {"ships": {"list": "f64", "max": 32}, "gems": {"list": "f64", "max": 16}, "scores": {"list": "u16", "max": 8}}
}`;

// Kinds are numbered in the order of their names.
const DASH = 0;
const FOUND = 1;
const STEER = 2;

const SIZE: f64 = 256;
const SLOTS = 8;
const GEMS = 6;

// One ship a slot: x, y and speed, then what its player steers to.
const ships = new StaticArray<f64>(SLOTS * 4);
const steering = new StaticArray<i8>(SLOTS * 2);
const scores = new StaticArray<u16>(SLOTS);
const gems = new StaticArray<f64>(GEMS * 2);
let slots: i32 = 0;
let found: i32 = 0;

/** Where payloads are put together. */
const out = memory.data(512);
let outLength: i32 = 0;

function put8(value: i32): void {
  store<u8>(out + outLength, <u8>value);
  outLength += 1;
}

function put32(value: f32): void {
  store<f32>(out + outLength, value);
  outLength += 4;
}

function put64(value: f64): void {
  store<f64>(out + outLength, value);
  outLength += 8;
}

export function echo_abi(): i32 {
  return 1;
}

export function echo_declare(): void {
  const text = String.UTF8.encode(DECLARATION);
  echoDeclare(changetype<usize>(text), text.byteLength);
}

export function echo_setup(mask: i32): void {
  slots = mask;
  for (let slot = 0; slot < SLOTS; slot++) {
    ships[slot * 4] = echoRandomUnit() * SIZE;
    ships[slot * 4 + 1] = echoRandomUnit() * SIZE;
  }
  for (let gem = 0; gem < GEMS; gem++) placeGem(gem);
}

function placeGem(gem: i32): void {
  gems[gem * 2] = <f64>echoRandom(<i32>SIZE);
  gems[gem * 2 + 1] = <f64>echoRandom(<i32>SIZE);
}

export function echo_on_event(kind: i32, slot: i32, author: i32, id: i32, at: usize, length: i32): void {
  if (kind == STEER) {
    steering[slot * 2] = load<i8>(at);
    steering[slot * 2 + 1] = load<i8>(at, 1);
  } else if (kind == DASH) {
    const ship = slot * 4;
    ships[ship + 2] *= 8;
    ships[ship + 3] *= 8;
  } else if (kind == FOUND) {
    // Its author is the simulation; the fields stand in the order of their names' length.
    scores[load<u8>(at, 1)] += 1;
  }
}

export function echo_step(): void {
  for (let slot = 0; slot < SLOTS; slot++) {
    if ((slots & (1 << slot)) == 0) continue;
    const ship = slot * 4;
    const x = <f64>steering[slot * 2];
    const y = <f64>steering[slot * 2 + 1];
    // Without steering this divides nothing by nothing: a NaN, which is not greater than anything either.
    const length = Math.sqrt(x * x + y * y);
    const towardsX = x / length;
    if (towardsX > -2) {
      ships[ship + 2] += towardsX * 0.25;
      ships[ship + 3] += (y / length) * 0.25;
    }
    ships[ship + 2] *= 0.93;
    ships[ship + 3] *= 0.93;
    ships[ship] = wrapped(ships[ship] + ships[ship + 2]);
    ships[ship + 1] = wrapped(ships[ship + 1] + ships[ship + 3]);
    for (let gem = 0; gem < GEMS; gem++) {
      const dx = ships[ship] - gems[gem * 2];
      const dy = ships[ship + 1] - gems[gem * 2 + 1];
      if (dx * dx + dy * dy < 100) collect(slot, gem);
    }
  }
}

function collect(slot: i32, gem: i32): void {
  found += 1;
  outLength = 0;
  put8(gem);
  put8(slot);
  echoEmit(FOUND, out, outLength);
  outLength = 0;
  put32(<f32>gems[gem * 2]);
  put32(<f32>gems[gem * 2 + 1]);
  echoEffect(0, 0, -1, out, outLength);
  placeGem(gem);
}

function wrapped(at: f64): f64 {
  return at < 0 ? at + SIZE : at >= SIZE ? at - SIZE : at;
}

/** Whether the dash key was down last time: this is remembered beside the match, at its player's alone. */
const wasDown = memory.data(1);

export function echo_input(slot: i32, at: usize, length: i32): void {
  outLength = 0;
  if (length < 0) {
    // Nobody is there: towards the nearest gem.
    const ship = slot * 4;
    let nearest = 1e9;
    let x: f64 = 0;
    let y: f64 = 0;
    for (let gem = 0; gem < GEMS; gem++) {
      const dx = gems[gem * 2] - ships[ship];
      const dy = gems[gem * 2 + 1] - ships[ship + 1];
      const distance = Math.sqrt(dx * dx + dy * dy);
      if (distance < nearest) {
        nearest = distance;
        x = dx / distance;
        y = dy / distance;
      }
    }
    put8(<i32>(x * 15) * 8);
    put8(<i32>(y * 15) * 8);
    echoEmit(STEER, out, outLength);
    if (echoRandom(97) == 0) echoEmit(DASH, out, 0);
    return;
  }
  // The flag of `dash` first, then the numbers.
  const isDown = load<u8>(at);
  put8(load<u8>(at, 1));
  put8(load<u8>(at, 2));
  echoEmit(STEER, out, outLength);
  echoRecall(wasDown, 1);
  if (isDown && !load<u8>(wasDown)) echoEmit(DASH, out, 0);
  store<u8>(wasDown, isDown);
  echoRemember(wasDown, 1);
}

export function echo_view(): void {
  outLength = 0;
  // Shorter names first: gems, ships, scores.
  put8(GEMS * 2);
  for (let i = 0; i < GEMS * 2; i++) put64(gems[i]);
  put8(SLOTS * 4);
  for (let i = 0; i < SLOTS * 4; i++) put64(ships[i]);
  put8(SLOTS);
  for (let i = 0; i < SLOTS; i++) {
    put8(scores[i]);
    put8(scores[i] >> 8);
  }
  echoView(out, outLength);
}
