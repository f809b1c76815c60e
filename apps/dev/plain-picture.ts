/** What is shown of a game that brings no `render` and no `draw`: dots for what has a place, and words for all. */
import { drawEntities, isEntities, nameOf, type ShownEntity } from "../../src/cli/draw-entities.js";

const COLOURS = ["#7cb7ff", "#ffb36b", "#9fe3b4", "#e3a5ff", "#ffe27a", "#ff9c9c", "#8fe8e8", "#d0d4de"];
/** Longer lists are told by their length. */
const MOST_ITEMS = 16;
const MOST_LINES = 60;

/** The part of the world that is shown: it grows with what is in it. */
export interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export const noExtent = (): Extent => ({ left: 0, top: 0, right: 1, bottom: 1 });

/** Draws a dot for each entity with a place. False where none has one. */
export function drawPlaces(
  context: CanvasRenderingContext2D,
  state: unknown,
  size: Size,
  extent: Extent,
): boolean {
  const placed = entitiesOf(state).flatMap((entity) => {
    const place = placeOf(entity.components);
    return place === undefined ? [] : [{ entity, ...place }];
  });
  if (placed.length === 0) return false;
  for (const { x, y } of placed) {
    extent.left = Math.min(extent.left, x);
    extent.right = Math.max(extent.right, x);
    extent.top = Math.min(extent.top, y);
    extent.bottom = Math.max(extent.bottom, y);
  }
  context.clearRect(0, 0, size.width, size.height);
  context.font = "12px system-ui";
  for (const { entity, x, y } of placed) {
    const across = 20 + ((x - extent.left) / (extent.right - extent.left)) * (size.width - 40);
    const down = 20 + ((y - extent.top) / (extent.bottom - extent.top)) * (size.height - 40);
    context.fillStyle = COLOURS[(entity.slot ?? entity.id) % COLOURS.length]!;
    context.beginPath();
    context.arc(across, down, entity.slot === undefined ? 5 : 9, 0, 2 * Math.PI);
    context.fill();
    context.fillText(nameOf(entity), across + 12, down + 4);
  }
  return true;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The state in words: a line for each entity of Lua, else the tree. */
export function stateText(state: unknown): string {
  const entities = entitiesOf(state);
  const lines = entities.length > 0 ? drawEntities(entities).split("\n") : treeLines(state, "");
  return (lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), "…"] : lines).join("\n");
}

const entitiesOf = (state: unknown): readonly ShownEntity[] => (isEntities(state) ? state : []);

/** `x` and `y` of the components themselves, or of the first that has both. */
function placeOf(components: Readonly<Record<string, unknown>>): { x: number; y: number } | undefined {
  for (const one of [components, ...Object.values(components)]) {
    if (typeof one !== "object" || one === null) continue;
    const { x, y } = one as { readonly x?: unknown; readonly y?: unknown };
    if (typeof x === "number" && typeof y === "number") return { x, y };
  }
  return undefined;
}

function shown(value: unknown): string {
  if (typeof value === "number" && !Number.isInteger(value)) return value.toFixed(3);
  if (ArrayBuffer.isView(value)) return `[${(value as Uint8Array).length} numbers]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value) && value.length > MOST_ITEMS) return `[${value.length} items]`;
  const parts = Object.entries(value).map(([name, one]) =>
    Array.isArray(value) ? shown(one) : `${name} ${shown(one)}`,
  );
  return Array.isArray(value) ? `[${parts.join(" ")}]` : `{${parts.join(", ")}}`;
}

function treeLines(value: unknown, indent: string): string[] {
  if (typeof value !== "object" || value === null) return [`${indent}${shown(value)}`];
  return Object.entries(value).flatMap(([name, one]) => {
    const short = shown(one);
    const isSmall = typeof one !== "object" || one === null || ArrayBuffer.isView(one) || short.length < 70;
    return isSmall ? [`${indent}${name} ${short}`] : [`${indent}${name}`, ...treeLines(one, `${indent}  `)];
  });
}
