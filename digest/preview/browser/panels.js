// Which panels are to be seen: three columns on a wide screen, two on a middling one, else one at a time.

import { at, setAttribute } from "./dom.js";

const SIDES = ["mail", "checks", "sources"];
const wide = matchMedia("(min-width: 1160px)");
const buttons = [...document.querySelectorAll("#panels button")];
const watchers = [];

const narrow = matchMedia("(max-width: 719.98px)");

export const isNarrow = () => narrow.matches;

// *watcher* is called with a panel's name when it comes to be seen.
export function watchPanels(watcher) {
  watchers.push(watcher);
}

export function showPanel(name) {
  const main = at("main");
  main.dataset.panel = name;
  if (SIDES.includes(name)) main.dataset.side = name;
  mark();
  for (const watcher of watchers) watcher(name);
}

// The panel that was chosen, of those that take turns.
function chosen() {
  const { panel, side } = at("main").dataset;
  if (wide.matches) return side;
  return panel === "items" && !narrow.matches ? "edit" : panel;
}

// Whether one of the panels beside the items and the editor is to be seen.
export const isShown = (name) => chosen() === name;

function mark() {
  for (const button of buttons)
    setAttribute(button, "aria-current", button.dataset.panel === chosen() ? "true" : null);
}

// Takes the focus to the next panel that is to be seen, or to the one before.
export function turnPanel(step) {
  const shown = [...document.querySelectorAll(".panel")].filter((panel) => panel.offsetParent);
  const now = shown.findIndex((panel) => panel.contains(document.activeElement));
  const next = shown[(now + step + shown.length) % shown.length] ?? shown[0];
  next
    .querySelector('[tabindex="0"]:not([hidden]), textarea, select, a, button:not([tabindex="-1"]):enabled')
    ?.focus();
}

for (const button of buttons) button.addEventListener("click", () => showPanel(button.dataset.panel));
for (const query of [wide, narrow])
  query.addEventListener("change", () => showPanel(at("main").dataset.panel));
mark();
