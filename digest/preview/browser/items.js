// The list of items: by section as in the mail, then those that are pending; moved by hand or by keys.

import { at, el, setAttribute, setChildren, setText } from "./dom.js";
import { onDrag } from "./dragging.js";
import { unsent } from "./drafts.js";
import { fileIndex, find, groups, isPending, moved, numbers, stepped, written } from "./places.js";
import { showPanel } from "./panels.js";
import { done, speak } from "./saying.js";
import { desk, edit, tell, watch } from "./store.js";
import { moment, plural } from "./words.js";

export const EDITION = ""; // what is selected when it is no item, but the edition itself

const remembered = "digest desk selected";
const list = at("list");
const rows = new Map(); // by item id
const heads = new Map(); // by section's title; null is pending
const watchers = [];
let selected = sessionStorage.getItem(remembered) ?? null;

export const selection = () => selected;

// *watcher* is called when the editor selects something.
export function watchSelection(watcher) {
  watchers.push(watcher);
}

export function select(id) {
  if (selected === id) return;
  selected = id;
  sessionStorage.setItem(remembered, id);
  tell();
  for (const watcher of watchers) watcher(id);
}

const configured = () => desk.state.newsletter.sections;
const order = () => [
  EDITION,
  ...groups(desk.edition, configured()).flatMap(({ items }) => items.map(({ id }) => id)),
];
const titled = (section) => section || "No section";

// --- what can be done to an item ---------------------------------------------------------------------------

export async function place(id, target) {
  if (!desk.open || !target) return;
  const index = fileIndex(desk.edition, configured(), id, target);
  const { section } = find(desk.edition, id);
  const entered = target.section !== null && target.section !== section ? { section: target.section } : {};
  const change = edit(() => ({ kind: "move", id, to: target.list, index, ...entered }), {
    guess: (edition) => moved(entered.section === undefined ? edition : written(edition, id, "section", entered.section), id, target.list, index),
  });
  speak(whereabouts(id));
  await done(change);
}

// Writes a key that is chosen, not typed.
function setting(id, key, value) {
  const was = find(desk.edition, id)[key];
  return edit(() => ({ kind: "write", id, key, value, was }), {
    guess: (edition) => written(edition, id, key, value),
  });
}

export const set = (id, key, value) => done(setting(id, key, value));

export function use(id, value) {
  const item = find(desk.edition, id);
  if (!desk.open || !item) return;
  set(id, "use", item.use === value ? "yes" : value);
  speak(
    `“${item.headline}” is ${{ yes: "in", no: "dropped", hold: "held for the next edition" }[find(desk.edition, id).use]}`,
  );
}

// From the pending ones to the end of its section.
export function bringIn(id) {
  const { section } = find(desk.edition, id);
  const known = groups(desk.edition, configured()).filter((group) => group.list === "items");
  const home = known.find((group) => group.section === section) ?? known.at(-1);
  place(id, { list: "items", section: home?.section ?? section, place: home?.items.length ?? 0 });
}

export function remove(id) {
  const { headline } = find(desk.edition, id);
  done(edit(() => ({ kind: "remove", id })));
  speak(`“${headline}” is removed`);
}

function step(id, by) {
  const target = stepped(desk.edition, configured(), id, by);
  if (target) place(id, target);
  else speak(by < 0 ? "It is the first already" : "It is the last already");
}

function whereabouts(id) {
  const {
    section,
    list: name,
    items,
  } = groups(desk.edition, configured()).find((group) => group.items.some((item) => item.id === id));
  const number = items.findIndex((item) => item.id === id) + 1;
  return `“${items[number - 1].headline}”: place ${number} of ${items.length} in ${name === "pending" ? "pending" : titled(section)}`;
}

// --- rows -----------------------------------------------------------------------------------------------------

// Why an item is in; the file's comment begins with its outlet.
const reasons = ({ note, outlet }) =>
  note.startsWith(`${outlet} · `) ? note.slice(outlet.length + 3) : note;

function newRow(id) {
  const number = el("span", { class: "number" });
  const headline = el("span", { class: "headline", dir: "auto" });
  const about = el("span", { class: "about" });
  const note = el("span", { class: "about" });
  const tags = el("span", { class: "tags" });
  const pick = el(
    "button",
    {
      type: "button",
      class: "pick",
      onclick: () => choose(id),
      "aria-describedby": "moving",
      "aria-keyshortcuts": "Alt+ArrowUp Alt+ArrowDown",
    },
    number,
    el("span", { class: "words" }, headline, about, note, tags),
  );
  const act = (label, does) => el("button", { type: "button", class: "plain small", onclick: does }, label);
  const acts = {
    in: act("Bring in", () => bringIn(id)),
    hold: act("Hold", () => use(id, "hold")),
    drop: act("Drop", () => use(id, "no")),
  };
  const node = el(
    "li",
    { class: "item", "data-id": id },
    el("span", { class: "grip", "aria-hidden": "true" }),
    pick,
    el("span", { class: "acts" }, ...Object.values(acts)),
  );
  return { node, pick, number, headline, about, note, tags, acts };
}

function choose(id) {
  select(id);
  showPanel("edit");
}

function patchRow(row, item, { number, pending, counts, isUnsent }) {
  const current = item.id === selected;
  row.node.className = `item ${item.use === "yes" ? "" : "out"} ${current ? "current" : ""}`;
  setText(row.number, number ?? "");
  setText(row.headline, item.headline);
  setText(
    row.about,
    [item.outlet, item.published && moment(new Date(item.published), desk.edition.day)]
      .filter(Boolean)
      .join(" · "),
  );
  setText(row.note, reasons(item));
  const tags = [
    item.use === "no" && ["quiet", "dropped"],
    item.use === "hold" && ["quiet", "held"],
    counts.error && ["error", plural(counts.error, "error")],
    counts.warning && ["warning", plural(counts.warning, "warning")],
    item.update && ["quiet", "update"],
    item.own && ["quiet", "own"],
    item.edited.length && ["quiet", "edited"],
    isUnsent && ["error", "not saved"],
  ].filter(Boolean);
  setChildren(
    row.tags,
    tags.map(([kind, words]) => tag(row, kind, words)),
  );
  setAttribute(row.pick, "aria-current", current ? "true" : null);
  row.pick.tabIndex = current ? 0 : -1;
  row.acts.in.hidden = !pending;
  row.acts.hold.hidden = pending;
  setAttribute(row.acts.hold, "aria-pressed", item.use === "hold");
  setAttribute(row.acts.drop, "aria-pressed", item.use === "no");
  for (const act of Object.values(row.acts)) {
    act.tabIndex = current ? 0 : -1;
    act.disabled = !desk.open;
    setAttribute(act, "aria-label", `${act.textContent}: ${item.headline}`);
  }
}

function tag(row, kind, words) {
  row.known ??= new Map();
  const key = `${kind} ${words}`;
  if (!row.known.has(key)) row.known.set(key, el("span", { class: `tag ${kind}` }, words));
  return row.known.get(key);
}

function newHead(section) {
  const id = `group-${heads.size}`;
  const title = el("h3", { id }, section === null ? "Pending" : titled(section));
  const tally = el("span", { class: "quiet" });
  const items = el("ol", { "aria-labelledby": id });
  const node = el(
    "section",
    { class: section === null ? "group pending" : "group" },
    el("header", {}, title, tally),
    items,
  );
  items.dataset.list = section === null ? "pending" : "items";
  if (section !== null) items.dataset.section = section;
  return { node, items, tally };
}

const editionRow = el(
  "button",
  { type: "button", class: "pick edition", "data-id": EDITION, onclick: () => choose(EDITION) },
  el(
    "span",
    { class: "words" },
    el("span", { class: "headline" }, "Subject and letter"),
    el("span", { class: "about" }),
  ),
);

function counted() {
  const counts = new Map();
  for (const { item, level } of desk.state.checks) {
    const of = counts.get(item) ?? { error: 0, warning: 0, note: 0 };
    of[level] += 1;
    counts.set(item, of);
  }
  return (id) => counts.get(id) ?? { error: 0, warning: 0, note: 0 };
}

watch(() => {
  if (!desk.edition) return;
  const ids = order();
  if (!ids.includes(selected)) selected = ids[1] ?? EDITION;
  const [counts, number] = [counted(), numbers(desk.edition, configured())];
  const withText = new Set(unsent().map(([id]) => id));
  const focused = document.activeElement;
  const shown = groups(desk.edition, configured()).map(({ list: name, section, items }) => {
    if (!heads.has(section)) heads.set(section, newHead(section));
    const head = heads.get(section);
    for (const item of items) {
      if (!rows.has(item.id)) rows.set(item.id, newRow(item.id));
      patchRow(rows.get(item.id), item, {
        number: number.get(item.id),
        pending: name === "pending",
        counts: counts(item.id),
        isUnsent: withText.has(item.id) && item.id !== selected,
      });
    }
    setText(head.tally, items.length || "");
    setChildren(
      head.items,
      items.map((item) => rows.get(item.id).node),
    );
    return head.node;
  });
  setChildren(list, [editionRow, ...shown]);
  for (const id of [...rows.keys()]) if (!ids.includes(id)) rows.delete(id);
  setAttribute(editionRow, "aria-current", selected === EDITION ? "true" : null);
  editionRow.tabIndex = selected === EDITION ? 0 : -1;
  setText(editionRow.querySelector(".about"), desk.edition.subject);
  setText(at("tally"), `${number.size} in, ${desk.edition.pending.length} pending`);
  at("add").disabled = !desk.open;
  // A row that is put elsewhere loses the focus on the way.
  if (focused !== document.activeElement && list.contains(focused)) focused.focus();
});

// --- keys and pointer -------------------------------------------------------------------------------------------

export function focusList() {
  const row = selected === EDITION ? editionRow : rows.get(selected)?.pick;
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

// Selects what stands *by* places further down.
export function go(by) {
  const ids = order();
  const next = ids[Math.max(0, Math.min(ids.indexOf(selected) + by, ids.length - 1))];
  select(next);
  focusList();
}

list.addEventListener("keydown", (event) => {
  const by = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }[event.key];
  if (by === undefined || event.ctrlKey || event.metaKey || !event.target.closest(".pick")) return;
  event.preventDefault();
  if (!event.altKey) go(by);
  else if (selected !== EDITION && Number.isFinite(by)) {
    step(selected, by);
    focusList();
  }
});

onDrag(list, {
  mayStart: () => desk.open,
  dropped: (id, target) => {
    select(id);
    place(id, target);
  },
});

export const pendingNow = (id) => isPending(desk.edition, id);
