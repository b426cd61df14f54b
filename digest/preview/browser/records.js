// Lists of small records in the edition: quick hits, corrections, sponsors, asides.

import { el, icon, once, setChildren } from "./dom.js";
import { forget, unsent } from "./drafts.js";
import { noteNode, textField } from "./field.js";
import { done, speak } from "./saying.js";
import { desk, edit, tell } from "./store.js";

// *columns* are [name, label, short] of a record's parts; a list of plain texts has one without a name. A record
// that is added is written once its parts are typed.
export function recordList({ key, title, one, columns }) {
  const heading = `records-${key}`;
  const list = el("ol", { class: "records", "aria-labelledby": heading });
  const add = el(
    "button",
    { type: "button", class: "plain small", onclick: append },
    icon("add"),
    `Add ${one}`,
  );
  const notes = el("ul", { class: "notes" });
  const node = el(
    "section",
    { class: "list-of-records", "aria-labelledby": heading },
    el("header", {}, el("h3", { id: heading }, title), add),
    notes,
    list,
  );
  const patchNotes = once((checks) => notes.replaceChildren(...checks.map(noteNode)));
  const rows = []; // one for each record, in order: a record has no name but its place
  let blank = -1; // where a record is being added

  const values = () => desk.state.edition[key];
  const typed = () =>
    unsent()
      .filter(([id, path]) => !id && path.startsWith(`${key}.`))
      .map(([, path]) => path);

  const change = (value) =>
    done(edit(() => ({ kind: "write", id: "", key, value: value(values()), was: values() })));

  function append() {
    blank = values().length;
    tell();
    rows[blank].fields[0].show();
  }

  function remove(index) {
    if (index < values().length) {
      change((before) => before.filter((_, at) => at !== index));
      return;
    }
    for (const path of typed()) if (path.startsWith(`${key}.${index}`)) forget("", path);
    blank = -1;
    tell();
    add.focus();
  }

  async function swap(index, other) {
    await change((before) =>
      before.map((value, at) => (at === index ? before[other] : at === other ? before[index] : value)),
    );
    speak(`${one} ${other + 1} of ${values().length}`);
  }

  function row(index) {
    const fields = columns.map(([name, label, short]) =>
      textField({ id: "", path: name ? `${key}.${index}.${name}` : `${key}.${index}`, label, short }),
    );
    const button = (label, name, act) =>
      el(
        "button",
        { type: "button", class: "plain small", "aria-label": `${label} ${one} ${index + 1}`, onclick: act },
        icon(name),
      );
    const up = button("Move up", "up", () => swap(index, index - 1));
    const down = button("Move down", "down", () => swap(index, index + 1));
    const drop = button("Remove", "remove", () => remove(index));
    const cells = el(
      "div",
      { class: "cells" },
      fields.map((field) => field.node),
    );
    return {
      fields,
      up,
      down,
      drop,
      node: el("li", {}, cells, el("div", { class: "acts" }, up, down, drop)),
    };
  }

  function patch() {
    const saved = values().length;
    const last = Math.max(saved, ...typed().map((path) => Number(path.split(".")[1]) + 1));
    const count = blank === saved ? saved + 1 : last;
    if (blank < saved) blank = -1;
    while (rows.length < count) rows.push(row(rows.length));
    rows.length = count;
    setChildren(
      list,
      rows.map((made) => made.node),
    );
    list.hidden = !count;
    patchNotes(desk.state.checks.filter((check) => !check.item && check.key === key));
    add.disabled = !desk.open || count > saved;
    rows.forEach((made, index) => {
      for (const field of made.fields) field.patch();
      made.up.disabled = !desk.open || index === 0 || index >= saved;
      made.down.disabled = !desk.open || index >= saved - 1;
      made.drop.disabled = !desk.open;
    });
  }

  return { node, patch, fields: () => rows.flatMap((made) => made.fields) };
}
