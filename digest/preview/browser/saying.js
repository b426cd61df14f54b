// What is said in passing: to eyes in a corner of the page, to screen readers in a live region.

import { at, el } from "./dom.js";

const SECONDS = 8;

export function speak(words) {
  at("spoken").textContent = words;
}

// Waits for *changes*, and says what came in the way of them.
export async function done(...changes) {
  try {
    await Promise.all(changes);
  } catch (refused) {
    toast(`Not changed: ${refused.message}`, { alarm: true });
  }
}

// A few words that go away by themselves; *acts* are [label, function] pairs.
export function toast(words, { alarm = false, acts = [] } = {}) {
  const close = () => node.remove();
  const buttons = acts.map(([label, act]) =>
    el("button", { type: "button", class: "plain", onclick: () => (close(), act()) }, label),
  );
  const node = el(
    "div",
    { class: alarm ? "toast alarm" : "toast" },
    el("p", {}, words),
    ...buttons,
    el(
      "button",
      { type: "button", class: "plain small", "aria-label": "Close this message", onclick: close },
      "×",
    ),
  );
  at("toasts").append(node);
  setTimeout(() => node.matches(":hover, :focus-within") || close(), SECONDS * 1000);
}
