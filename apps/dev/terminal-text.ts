const ESCAPE = "\u001b";
const SEQUENCE = new RegExp(`(${ESCAPE}\\[[0-9;?]*[A-Za-z])`);
const COLOURS = new RegExp(`^${ESCAPE}\\[([0-9;]*)m$`);

/** Text as games draw it for a terminal, as elements: colours are kept, other escapes are left out. */
export function terminalText(text: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  let style: Style = {};
  for (const part of text.split(SEQUENCE)) {
    const colours = COLOURS.exec(part)?.[1];
    if (colours !== undefined) style = styled(style, colours);
    else if (part !== "" && !part.startsWith(ESCAPE)) {
      const span = document.createElement("span");
      span.textContent = part;
      if (style.colour !== undefined) span.style.color = style.colour;
      if (style.background !== undefined) span.style.background = style.background;
      fragment.append(span);
    }
  }
  return fragment;
}

interface Style {
  readonly colour?: string | undefined;
  readonly background?: string | undefined;
}

function styled(before: Style, codes: string): Style {
  let style = before;
  const numbers = codes.split(";").map(Number);
  for (let at = 0; at < numbers.length; at++) {
    const code = numbers[at]!;
    const isLong = (code === 38 || code === 48) && numbers[at + 1] === 5;
    const colour = isLong ? paletteColour(numbers[at + 2] ?? 0) : shortColour(code);
    if (code === 0) style = {};
    else if (code === 39) style = { ...style, colour: undefined };
    else if (code === 49) style = { ...style, background: undefined };
    else if (code === 48 || (code >= 40 && code < 48) || code >= 100)
      style = { ...style, background: colour };
    else if (colour !== undefined) style = { ...style, colour };
    if (isLong) at += 2;
  }
  return style;
}

const SIXTEEN = (
  "#1c1c1c #d0474f #4fae5d #c9a13b #4b83e0 #b065c9 #3fb2b8 #d5d8df " +
  "#767b88 #ff7b84 #86df93 #f3d06c #86b1ff #db98f0 #7be2e8 #ffffff"
).split(" ");

/** Of the codes 30 to 37 and 90 to 97, and of their backgrounds. */
function shortColour(code: number): string | undefined {
  const digit = code % 10;
  const isBright = code >= 90;
  const isColour = (code >= 30 && code < 50) || (code >= 90 && code < 110);
  return isColour && digit < 8 ? SIXTEEN[digit + (isBright ? 8 : 0)] : undefined;
}

/** Of a terminal's 256 colours. */
function paletteColour(index: number): string | undefined {
  if (index < 16) return SIXTEEN[index];
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (part: number): number => (part === 0 ? 0 : 55 + 40 * part);
  const [red, green, blue] = [
    Math.floor((index - 16) / 36),
    Math.floor((index - 16) / 6) % 6,
    (index - 16) % 6,
  ];
  return `rgb(${level(red)} ${level(green)} ${level(blue)})`;
}
