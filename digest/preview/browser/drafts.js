// Texts that were typed and are not saved yet. They outlive a reload, and leave only when they are saved or given up.

import { at, el, setText } from "./dom.js";
import { find, hasPlace, part, withPart } from "./places.js";
import { toast } from "./saying.js";
import { desk, edit, tell, watch } from "./store.js";

// By place: {text, was: what stood there when typing began, problem: why it is not saved, refused: the text that
// it is about, waits: for the file or the connection to be mended}.
const drafts = new Map();
const placeOf = (id, path) => `${id}|${path}`;
let store = "";

export const draftOf = (id, path) => drafts.get(placeOf(id, path));

export const unsent = () => [...drafts.keys()].map((place) => place.split("|"));

export const problems = () => [...drafts.values()].filter(({ problem }) => problem);

// The item, or the edition itself for "".
export const ownerOf = (edition, id) => (id ? find(edition, id) : edition);

// Reads what a reload left behind; *key* is the edition's.
function recall(key) {
  store = `digest desk ${key}`;
  try {
    for (const [place, draft] of JSON.parse(sessionStorage.getItem(store) ?? "[]")) drafts.set(place, draft);
  } catch {
    sessionStorage.removeItem(store);
  }
}

function keep() {
  if (drafts.size) sessionStorage.setItem(store, JSON.stringify([...drafts]));
  else sessionStorage.removeItem(store);
}

// What a field holds now; *saved* is what the file holds.
export function type(id, path, text, saved) {
  const before = draftOf(id, path);
  const was = before?.was ?? saved;
  if (text === was && text === saved) drafts.delete(placeOf(id, path));
  else drafts.set(placeOf(id, path), { ...before, text, was });
  keep();
}

export function forget(id, path) {
  drafts.delete(placeOf(id, path));
  keep();
}

// Gives up what was typed, with a way back.
export function revert(id, path) {
  const draft = draftOf(id, path);
  if (!draft) return;
  forget(id, path);
  tell();
  const back = () => {
    drafts.set(placeOf(id, path), draft);
    keep();
    tell();
    commit(id, path, { insist: true });
  };
  toast("Your text was removed.", { acts: [["Bring it back", back]] });
}

// Saves a draft, if there is one. A text that was refused is tried again only when the editor insists.
export async function commit(id, path, { insist = false } = {}) {
  const draft = draftOf(id, path);
  const owner = desk.state?.edition && ownerOf(desk.state.edition, id);
  // While it is asked which of two texts stays, both wait.
  if (!draft || !owner || at("conflict").open) return;
  if (draft.refused === draft.text && !draft.waits && !insist) return;
  if (draft.text === part(owner, path)) {
    forget(id, path);
    tell();
    return;
  }
  if (!desk.open) {
    refuse(id, path, "Not saved yet: the file is broken. It will be saved as soon as the file is fixed.", true);
    return;
  }
  let sent = new Map();
  try {
    await edit(
      () => {
        sent = together(id, path);
        return asEdit(id, path, sent);
      },
      { answered: () => settle(id, sent) },
    );
  } catch (refused) {
    if (refused.status === 409) {
      const [key] = path.split(".");
      const { current } = refused.said;
      const theirs =
        current === undefined ? part(ownerOf(desk.state.edition, id), path) : part({ [key]: current }, path);
      ask(id, path, theirs, refused.message);
    } else {
      refuse(id, path, `Not saved: ${refused.message}`, !refused.status || refused.status === 503);
    }
  }
}

// A part of a key is written with the whole key, and with what else was typed in it: {path: draft}.
function together(id, path) {
  const [key] = path.split(".");
  const paths = unsent().filter(([owner, other]) => owner === id && other.split(".")[0] === key);
  return new Map(paths.map(([, other]) => [other, draftOf(id, other)]));
}

function asEdit(id, path, sent) {
  const [key] = path.split(".");
  const owner = ownerOf(desk.state.edition, id);
  const value = { ...owner };
  const was = { ...owner };
  for (const [other, draft] of sent) {
    value[key] = withPart(value, other, draft.text);
    if (hasPlace(owner, other)) was[key] = withPart(was, other, draft.was);
  }
  return { kind: "write", id, key, value: value[key], was: was[key] };
}

// What was typed while *sent* was on its way is a draft on top of it.
function settle(id, sent) {
  for (const [path, { text }] of sent) {
    const draft = draftOf(id, path);
    if (!draft) continue;
    const was = part(ownerOf(desk.state.edition, id), path);
    if (draft.text === text) forget(id, path);
    else drafts.set(placeOf(id, path), { text: draft.text, was });
  }
  keep();
}

function refuse(id, path, problem, waits = false) {
  const draft = draftOf(id, path);
  if (draft) drafts.set(placeOf(id, path), { ...draft, problem, refused: draft.text, waits });
  keep();
  tell();
}

// What could not be saved is tried again when the file or the connection is mended.
let wasOpen = true;
watch(() => {
  if (!store && desk.state) recall(desk.state.key);
  const isOpen = desk.open && desk.connected;
  const mended = isOpen && !wasOpen;
  wasOpen = isOpen;
  if (mended) for (const [id, path] of unsent()) if (draftOf(id, path)?.waits) commit(id, path);
});

addEventListener("beforeunload", (event) => drafts.size && event.preventDefault());

// --- two texts for one place: the editor chooses -------------------------------------------------------------

function ask(id, path, theirs, words) {
  const dialog = at("conflict");
  const yours = draftOf(id, path)?.text;
  if (yours === undefined) return;
  refuse(id, path, "Not saved: someone else changed it meanwhile.");
  if (document.querySelector("dialog[open]")) return; // one at a time; the text stays in its field
  setText(at("conflict-words"), words);
  compare(theirs, yours);
  const choose = (button, act) => {
    at(button).onclick = () => (dialog.close(), act());
  };
  choose("go-on", () => {});
  choose("take-theirs", () => revert(id, path));
  choose("keep-yours", () => {
    drafts.set(placeOf(id, path), { text: draftOf(id, path)?.text ?? yours, was: theirs });
    commit(id, path, { insist: true });
  });
  dialog.showModal();
}

// Both texts, with that marked in which they differ.
function compare(theirs, yours) {
  const { start, end } = difference(theirs, yours);
  for (const [name, text] of [
    ["theirs", theirs],
    ["yours", yours],
  ]) {
    const differs = text.slice(start, text.length - end);
    at(name).replaceChildren(
      text.slice(0, start),
      differs && el("mark", {}, differs),
      text.slice(text.length - end),
    );
  }
}

// How many characters two texts share at their start and at their end.
export function difference(one, other) {
  const least = Math.min(one.length, other.length);
  let start = 0;
  while (start < least && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < least - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return { start, end };
}
