// Keyboard shortcuts, and the sheet that lists them.

import { at, el, isTyping } from "./dom.js";
import { addItem, approve, chooseDeeper, composeAgain, testSend, unwind } from "./dialogs.js";
import { focusField } from "./editor.js";
import { bringIn, focusList, go, pendingNow, selection, use } from "./items.js";
import { showPanel, turnPanel } from "./panels.js";
import { desk } from "./store.js";

const remembered = "digest desk letters off";
const letters = at("letters");

const panel = (name) => () => {
  showPanel(name);
  at(name).querySelector('[tabindex="0"]:not([hidden]), button:enabled, select')?.focus();
};
const item = (act) => () => selection() && desk.open && act(selection());

const KEYS = [
  [
    "The list",
    [
      ["j", "next item", () => go(1)],
      ["k", "item before", () => go(-1)],
      ["Alt + ↑, Alt + ↓", "move the item"],
      ["x", "drop it, or take it in again", item((id) => use(id, "no"))],
      ["h", "hold it for the next edition, or take it in again", item((id) => use(id, "hold"))],
      ["b", "bring a pending item in", item((id) => pendingNow(id) && bringIn(id))],
      ["n", "add an item of your own", addItem],
    ],
  ],
  [
    "Its texts",
    [
      ["Enter", "from the list to its headline"],
      ["e", "edit the headline", () => (showPanel("edit"), focusField("headline"))],
      ["u", "edit the summary", () => (showPanel("edit"), focusField("summary"))],
      ["d", "choose another dig-deeper target", item(chooseDeeper)],
      ["Ctrl + Enter", "save the text, and go on in it"],
      ["Escape", "take back what is not saved; then back to the list"],
    ],
  ],
  [
    "Panels",
    [
      ["l", "items", () => (showPanel("items"), focusList())],
      ["m", "mail", panel("mail")],
      ["c", "checks", panel("checks")],
      ["s", "sources", panel("sources")],
      ["F6, Shift + F6", "next panel, panel before"],
    ],
  ],
  [
    "The edition",
    [
      ["Ctrl + Z", "undo, outside of a text"],
      ["Ctrl + Shift + Z", "redo, outside of a text"],
      ["g", "compose again", composeAgain],
      ["t", "test send", testSend],
      ["a", "approve", approve],
      ["?", "this sheet", () => openSheet()],
    ],
  ],
];
const BY_LETTER = new Map(
  KEYS.flatMap(([, keys]) => keys)
    .filter(([, , act]) => act)
    .map(([key, , act]) => [key, act]),
);

export function openSheet() {
  at("keys").replaceChildren(
    ...KEYS.map(([title, keys]) =>
      el(
        "section",
        {},
        el("h3", {}, title),
        el(
          "dl",
          {},
          keys.flatMap(([key, words]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, words)]),
        ),
      ),
    ),
  );
  at("shortcuts").showModal();
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  const typing = isTyping(event.target);
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "F6") {
    event.preventDefault();
    turnPanel(event.shiftKey ? -1 : 1);
  } else if (command && !typing && ["z", "Z", "y"].includes(event.key)) {
    event.preventDefault();
    unwind(event.shiftKey || event.key === "y" ? "/redo" : "/undo");
  } else if (event.key === "Escape" && at("edit").contains(event.target)) {
    showPanel("items");
    focusList();
  } else if (event.key === "Enter" && event.target.matches(".pick")) {
    event.preventDefault();
    event.target.click();
    focusField(selection() ? "headline" : "subject");
  } else if (!typing && !command && !event.altKey && letters.checked && BY_LETTER.has(event.key)) {
    event.preventDefault();
    BY_LETTER.get(event.key)();
  }
}

export function startKeys() {
  letters.checked = localStorage.getItem(remembered) === null;
  letters.addEventListener("change", () => {
    if (letters.checked) localStorage.removeItem(remembered);
    else localStorage.setItem(remembered, "off");
  });
  document.addEventListener("keydown", onKey);
}
