// What an item's words rest on: the sources' texts, with the sentences marked that were taken from them.

import { at, el, link, setChildren, units } from "./dom.js";
import { focusField, focusedField } from "./editor.js";
import { EDITION, selection, watchSelection } from "./items.js";
import { isShown, showPanel, watchPanels } from "./panels.js";
import { get } from "./server.js";
import { desk, watch } from "./store.js";

const panel = at("told");
let shown = null; // whose sources are to be seen, and what its words were then

export function showSources() {
  showPanel("sources");
}

async function load() {
  const id = selection();
  if (!desk.state?.edition || id === null || !isShown("sources")) return;
  const key = `${id} ${desk.state.text_sha}`;
  if (shown === key) return;
  const another = shown?.split(" ")[0] !== id;
  shown = key;
  if (id === EDITION) {
    say("Select an item to see what its words rest on.");
    return;
  }
  if (another) say("Reading …");
  let nodes;
  try {
    const { sources } = await get(`/sources/${encodeURIComponent(id)}.json`);
    nodes = sources.map(sourceNode);
  } catch (refused) {
    if (shown === key) say(`The sources cannot be shown: ${refused.message}`);
    shown = null;
    return;
  }
  if (shown !== key) return;
  if (nodes.length) setChildren(panel, nodes);
  else say("This item has no source: it is the editors’ own.");
  follow();
}

const say = (words) => setChildren(panel, [el("p", { class: "nothing" }, words)]);

function sourceNode({ title, outlet, url, text, spans }) {
  const body = el("div", { class: "told", dir: "auto" });
  let done = 0;
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    const [start, end] = [units(text, from), units(text, to)];
    if (start < done) continue;
    const sentence = text.slice(start, end);
    body.append(text.slice(done, start), quotedNode(sentence));
    done = end;
  }
  body.append(text.slice(done));
  const quoted = spans.length
    ? ""
    : el("p", { class: "quiet" }, "No sentence is taken from it word for word.");
  return el(
    "article",
    {},
    el("h3", { dir: "auto" }, link(url, title)),
    el("p", { class: "quiet" }, outlet),
    quoted,
    body,
  );
}

// No button: those do not wrap like words.
function quotedNode(sentence) {
  const onKey = (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    lead(sentence);
  };
  return el(
    "mark",
    { class: "quoted", role: "button", tabindex: "0", onclick: () => lead(sentence), onkeydown: onKey },
    sentence,
  );
}

const FIELDS = ["summary", "context"];
const plain = (text) => text.replace(/\s+/g, " ").trim();

// To the sentence in the item's own words.
function lead(sentence) {
  const item = [...desk.edition.items, ...desk.edition.pending].find(({ id }) => id === selection());
  const key = FIELDS.find((name) => item?.[name].includes(plain(sentence))) ?? "summary";
  showPanel("edit");
  const start = [...item[key].split(plain(sentence))[0]].length;
  const found = item[key].includes(plain(sentence));
  focusField(key, found ? { start, end: start + [...plain(sentence)].length } : null);
}

// Marks the source of the sentence that the caret is in.
function follow() {
  const field = focusedField();
  if (!field || !FIELDS.includes(field.path)) return;
  const { value, selectionStart: caret } = field.area;
  for (const quoted of panel.querySelectorAll(".quoted")) {
    const words = plain(quoted.textContent);
    const start = value.indexOf(words);
    const here = start >= 0 && start <= caret && caret <= start + words.length;
    if (here && !quoted.classList.contains("here")) quoted.scrollIntoView({ block: "nearest" });
    quoted.classList.toggle("here", here);
  }
}

export function startSources() {
  watchSelection(load);
  watchPanels(load);
  watch(load);
  document.addEventListener("selectionchange", follow);
}
