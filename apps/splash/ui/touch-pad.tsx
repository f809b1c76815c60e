import type { JSX, TargetedPointerEvent } from "preact";
import type { Hands } from "../match/device.js";

/** How far a thumb has to move before it counts, as a share of the stick's size. */
const DEAD_SHARE = 0.14;

/** A stick and three buttons, for who plays with thumbs; the style sheet shows them where there are any. */
export function TouchPad({ hands }: { hands: Hands }): JSX.Element {
  const steer = (event: TargetedPointerEvent<HTMLElement>): void => {
    const stick = event.currentTarget;
    if (event.type === "pointerdown") stick.setPointerCapture(event.pointerId);
    else if (!stick.hasPointerCapture(event.pointerId)) return;
    const { left, top, width, height } = stick.getBoundingClientRect();
    const x = (event.clientX - left) / width - 0.5;
    const y = (event.clientY - top) / height - 0.5;
    const isAcross = Math.abs(x) > Math.abs(y);
    if (Math.max(Math.abs(x), Math.abs(y)) < DEAD_SHARE) hands.steer(0, 0);
    else hands.steer(isAcross ? Math.sign(x) : 0, isAcross ? 0 : Math.sign(y));
  };
  const rest = (): void => hands.steer(0, 0);
  return (
    <div class="pad" aria-hidden="true">
      <div
        class="stick"
        onPointerDown={steer}
        onPointerMove={steer}
        onPointerUp={rest}
        onPointerCancel={rest}
      >
        <span>▲</span>
        <span>▶</span>
        <span>▼</span>
        <span>◀</span>
      </div>
      <div class="thumbs">
        <div class="thumb cheer" onPointerDown={() => hands.cheer()}>
          Cheer
        </div>
        <PadButton hands={hands} name="take" title="Take" />
        <PadButton hands={hands} name="drop" title="Drop" />
      </div>
    </div>
  );
}

function PadButton({
  hands,
  name,
  title,
}: {
  hands: Hands;
  name: "drop" | "take";
  title: string;
}): JSX.Element {
  return (
    <div
      class={`thumb ${name}`}
      onPointerDown={() => hands.hold(name, true)}
      onPointerUp={() => hands.hold(name, false)}
      onPointerCancel={() => hands.hold(name, false)}
      onPointerLeave={() => hands.hold(name, false)}
    >
      {title}
    </div>
  );
}
