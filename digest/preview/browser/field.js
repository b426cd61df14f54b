// A text that is edited in place: saved on leaving it, with what the checks found in it marked.

import { el, icon, once, setAttribute, setChildren, setText, units } from "./dom.js";
import { commit, difference, draftOf, ownerOf, revert, type } from "./drafts.js";
import { part } from "./places.js";
import { done } from "./saying.js";
import { desk, edit, tell } from "./store.js";
import { plural } from "./words.js";

const LEVELS = ["error", "warning", "note"]; // the gravest first

// A field for *path* of the item *id*. *short* is one line, in which Enter saves; *limit* is what a mail program
// shows; *acts* are buttons beside the label. The answer's patch() shows the present state.
export function textField({ id, path, label, short = false, limit = 0, hint = "", acts = [] }) {
  const name = `field-${id}-${path}`.replaceAll(".", "-");
  const mirror = el("div", { class: "mirror", "aria-hidden": "true" });
  const area = el("textarea", {
    id: name,
    rows: "1",
    dir: "auto",
    spellcheck: "true",
    "aria-describedby": `${name}-notes`,
  });
  const count = el("span", { class: "count" });
  const notes = el("ul", { class: "notes", id: `${name}-notes` });
  const head = el(
    "div",
    { class: "field-head" },
    el("label", { for: name }, label),
    hint && el("span", { class: "quiet" }, hint),
    count,
    ...acts,
  );
  const node = el(
    "div",
    { class: "field", "data-path": path },
    head,
    el("div", { class: path.endsWith("url") ? "text line" : "text" }, mirror, area),
    notes,
  );
  const paint = once((shown) => fill(mirror, shown));
  const saved = () => {
    const owner = ownerOf(desk.state.edition, id);
    return owner ? part(owner, path) : "";
  };

  area.addEventListener("input", () => {
    if (short && area.value.includes("\n"))
      area.setRangeText(area.value.replace(/\s*\n\s*/g, " "), 0, area.value.length, "end");
    type(id, path, area.value, saved());
    tell();
  });
  area.addEventListener("blur", () => commit(id, path));
  area.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && (short || event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      commit(id, path, { insist: true });
    }
    if (event.key === "Escape") {
      if (draftOf(id, path)) event.stopPropagation();
      revert(id, path);
    }
  });

  function patch() {
    const text = draftOf(id, path)?.text ?? saved();
    put(area, text);
    area.readOnly = !desk.open;
    area.lang = desk.state.newsletter.language;
    // What is found in a picture is told once, beneath its address; in a list of records, above it.
    const key = path === "image.url" ? "image" : path;
    const findings = desk.state.checks.filter((check) => check.item === id && check.key === key);
    const marks = findings.filter(({ start }) => start >= 0).map((check) => placed(check, saved(), text));
    paint({ text, marks: marks.filter(Boolean) });
    setChildren(notes, noteNodes(findings));
    for (const vouch of notes.querySelectorAll(".plain")) vouch.disabled = !desk.open;
    setAttribute(area, "aria-invalid", findings.some(({ level }) => level === "error") ? "true" : null);
    node.classList.toggle("unsaved", Boolean(draftOf(id, path)));
    if (limit) {
      setText(count, `${[...text].length} / ${limit}`);
      setAttribute(
        count,
        "aria-label",
        `${plural([...text].length, "character")}, at most ${limit} are shown`,
      );
      count.classList.toggle("over", [...text].length > limit);
    }
  }

  const known = new Map(); // notes by what they say, so that a button that has focus stays the same one
  function noteNodes(findings) {
    const problem = draftOf(id, path)?.problem;
    const nodes = findings.map((check) => kept(known, JSON.stringify(check), () => noteOf(check)));
    if (problem)
      nodes.unshift(
        kept(known, problem, () => el("li", { class: "error" }, icon("error"), el("span", {}, problem))),
      );
    return nodes;
  }

  function noteOf(check) {
    if (check.start < 0) return noteNode(check);
    const words = el("button", { type: "button", class: "words", onclick: () => show(check) }, check.words);
    if (!check.vouch) return el("li", { class: check.level }, icon(check.level), words);
    const vouch = el(
      "button",
      {
        type: "button",
        class: "plain small",
        onclick: () => vouchFor(id, check.vouch),
        title: `The editors answer for “${check.vouch}”`,
      },
      "Vouch",
      el("span", { class: "unseen" }, ` for “${check.vouch}”`),
    );
    return el("li", { class: check.level }, icon(check.level), words, vouch);
  }

  // Takes the caret to what a check found, or to the text's end.
  function show(check = null) {
    area.focus();
    const mark = check && check.start >= 0 ? placed(check, saved(), area.value) : null;
    area.setSelectionRange(mark?.start ?? area.value.length, mark?.end ?? area.value.length);
    node.scrollIntoView({ block: "nearest" });
  }

  return { id, path, node, area, patch, show };
}

// What a check says of a whole field, or of more.
export const noteNode = (check) =>
  el("li", { class: check.level }, icon(check.level), el("span", {}, check.words));

function kept(known, key, make) {
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}

function vouchFor(id, thing) {
  const before = () => ownerOf(desk.state.edition, id).vouched;
  done(edit(() => ({ kind: "write", id, key: "vouched", value: [...before(), thing], was: before() })));
}

// The text changes under a caret only where it has to.
function put(area, text) {
  if (area.value === text) return;
  const { selectionStart, selectionEnd, value } = area;
  const { start } = difference(value, text);
  const shift = (place) => (place <= start ? place : Math.max(start, place + text.length - value.length));
  area.value = text;
  if (document.activeElement === area) area.setSelectionRange(shift(selectionStart), shift(selectionEnd));
}

// Where a finding in the *saved* text stands in the *present* one; null when it was just rewritten.
function placed(check, saved, present) {
  let [start, end] = [units(saved, check.start), units(saved, check.end)];
  if (saved !== present) {
    const same = difference(saved, present);
    if (start >= saved.length - same.end) {
      start += present.length - saved.length;
      end += present.length - saved.length;
    } else if (end > same.start) {
      return null;
    }
  }
  return { start, end, level: check.level };
}

// The mirror holds the same words behind the text area: it gives it its height, and shows the marks.
function fill(mirror, { text, marks }) {
  const cuts = [...new Set([0, ...marks.flatMap(({ start, end }) => [start, end]), text.length])].sort(
    (one, other) => one - other,
  );
  const nodes = cuts.slice(1).map((end, index) => {
    const piece = text.slice(cuts[index], end);
    const level = LEVELS.find((name) =>
      marks.some((mark) => mark.level === name && mark.start <= cuts[index] && end <= mark.end),
    );
    return level ? el("mark", { class: level }, piece) : piece;
  });
  // A last line that is empty has a height only with something in it.
  mirror.replaceChildren(...nodes, "\u200b");
}
