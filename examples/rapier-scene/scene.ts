import { event, t } from "echo-net";
import { defineModuleGame, type ModuleGame } from "echo-net/wasm";
import { type RapierApi, rapierSource } from "./glue.js";

/** Where each part of the physics lies in Rapier's memory: numbers, which are all that its JavaScript holds of them. */
interface World {
  readonly [part: string]: number;
}

interface Body {
  readonly handle: number;
  x: number;
  y: number;
  angle: number;
}

interface Scene {
  readonly world: World;
  /** By slot. */
  readonly players: readonly Body[];
  readonly boxes: readonly Body[];
}

const TICK_HZ = 60;
const WIDTH = 20;
const BOXES = 24;
const PARTS = {
  bodies: "RawRigidBodySet",
  colliders: "RawColliderSet",
  islands: "RawIslandManager",
  broad: "RawBroadPhase",
  narrow: "RawNarrowPhase",
  joints: "RawImpulseJointSet",
  multibodies: "RawMultibodyJointSet",
  continuous: "RawCCDSolver",
  pipeline: "RawPhysicsPipeline",
  parameters: "RawIntegrationParameters",
  gravity: "RawVector",
} as const;
type PartName = keyof typeof PARTS;
type Parts = { readonly [Name in PartName]: InstanceType<RapierApi[(typeof PARTS)[Name]]> };

/** Rapier's objects on what lies in its memory; those of the last call are gone. */
function wrapped(api: RapierApi, world: World): Parts {
  const parts = Object.entries(PARTS).map(([name, kind]) => {
    const { prototype } = api[kind];
    return [name, Object.assign(Object.create(prototype), { __wbg_ptr: world[name] })];
  });
  return Object.fromEntries(parts) as Parts;
}

function newWorld(api: RapierApi): World {
  const parts = Object.entries(PARTS).map(([name, kind]) => {
    const made: object = kind === "RawVector" ? new api.RawVector(0, -9.81) : new api[kind]();
    return [name, (made as { readonly __wbg_ptr: number }).__wbg_ptr];
  });
  return Object.fromEntries(parts) as World;
}

interface BodyPlan {
  readonly x: number;
  readonly y: number;
  readonly isFixed?: boolean;
  readonly size: readonly [halfWidth: number, halfHeight: number] | number;
}

/** Puts a body with one collider into the world. What is made for the call alone is freed. */
function addBody(api: RapierApi, parts: Parts, { x, y, isFixed = false, size }: BodyPlan): Body {
  const at = new api.RawVector(x, y);
  const still = new api.RawVector(0, 0);
  const upright = api.RawRotation.identity();
  const kind = isFixed ? api.RawRigidBodyType.Fixed : api.RawRigidBodyType.Dynamic;
  const handle = parts.bodies.createRigidBody(
    ...([true, at, upright, 1, 0, false, still, still, 0, 0, true, true, true] as const),
    ...([0, 0, kind, true, false, 0, false, 0, 0] as const),
  );
  const shape = typeof size === "number" ? api.RawShape.ball(size) : api.RawShape.cuboid(...size);
  parts.colliders.createCollider(
    ...([true, shape, still, upright, 0, 0, still, 0, 1, 0.6, 0.2, 0, 0, false] as const),
    ...([0xffff_ffff, 0xffff_ffff, 15, 0, 0, 0, 0, true, handle, parts.bodies] as const),
  );
  for (const made of [at, still, upright, shape]) made.free();
  return { handle, x, y, angle: 0 };
}

/** Where a body is now: what renderers and other players' input see of the physics. */
function look({ bodies }: Parts, body: Body, scratch: Float32Array): void {
  bodies.rbTranslation(body.handle, scratch);
  body.x = scratch[0]!;
  body.y = scratch[1]!;
  body.angle = bodies.rbRotation(body.handle);
}

const EVENTS = {
  push: event({ x: t.i8, y: t.i8 }, { predict: "repeat" }),
  jump: event({}),
};
type Events = typeof EVENTS;
type Device = { readonly x: number; readonly jump: boolean } | undefined;

/** A pile of boxes between two walls, and a ball for each player to push them about. */
export const rapierScene = (
  glue: string,
  bytes: Uint8Array,
): ModuleGame<Events, Record<never, never>, Scene, Device> =>
  defineModuleGame({
    name: "rapier-scene",
    version: "1",
    tickHz: TICK_HZ,
    module: rapierSource(glue, bytes),
    events: EVENTS,

    setup({ slots, random }, api): Scene {
      const world = newWorld(api);
      const parts = wrapped(api, world);
      parts.parameters.dt = 1 / TICK_HZ;
      addBody(api, parts, { x: 0, y: -1, isFixed: true, size: [WIDTH, 1] });
      for (const side of [-1, 1])
        addBody(api, parts, { x: side * WIDTH, y: 10, isFixed: true, size: [1, 12] });
      const boxes = Array.from({ length: BOXES }, (_, i) =>
        addBody(api, parts, {
          x: (i % 6) * 1.1 - 3 + random.unit() / 10,
          y: 1 + Math.floor(i / 6) * 1.2,
          size: [0.5, 0.5],
        }),
      );
      const players = slots.map((slot) =>
        addBody(api, parts, { x: slot % 2 === 0 ? -8 - slot : 7 + slot, y: 2, size: 0.7 }),
      );
      return { world, players, boxes };
    },

    on: {
      push({ world, players }, { payload, slot }, _, api) {
        const { bodies } = wrapped(api, world);
        const impulse = new api.RawVector(payload.x / 100, payload.y / 100);
        bodies.rbApplyImpulse(players[slot]!.handle, impulse, true);
        impulse.free();
      },
      jump({ world, players }, { slot }, _, api) {
        const player = players[slot]!;
        if (player.y > 1.5) return;
        const { bodies } = wrapped(api, world);
        const impulse = new api.RawVector(0, 9);
        bodies.rbApplyImpulse(player.handle, impulse, true);
        impulse.free();
      },
    },

    step({ world, players, boxes }, _, api) {
      const parts = wrapped(api, world);
      parts.pipeline.step(
        ...([parts.gravity, parts.parameters, parts.islands, parts.broad, parts.narrow] as const),
        ...([parts.bodies, parts.colliders, parts.joints, parts.multibodies, parts.continuous] as const),
      );
      const scratch = new Float32Array(2);
      for (const body of [...players, ...boxes]) look(parts, body, scratch);
    },

    input(device, emit, state, slot, { random }) {
      const player = state.players[slot]!;
      // Without a device the player is a bot that runs from wall to wall.
      const x = device?.x ?? (random.int(90) === 0 ? -player.x : Math.sign(player.x + slot - 1) * -30);
      emit("push", { x: Math.max(-100, Math.min(100, Math.round(x))), y: 0 });
      if (device?.jump ?? random.int(60) === 0) emit("jump", {});
    },
  });
