/** Turns light to dark and back, against what the system says; until the page is loaded anew. */
export function turnScheme(): void {
  const { dataset } = document.documentElement;
  const isDark =
    dataset.scheme === undefined
      ? matchMedia("(prefers-color-scheme: dark)").matches
      : dataset.scheme === "dark";
  dataset.scheme = isDark ? "light" : "dark";
  dispatchEvent(new Event("scheme"));
}
