// Where items stand, and parts of them: pure functions of an edition.

export const LISTS = ["items", "pending"];

// The sections as the mail has them: the newsletter's own first, then others as they first appear.
export function sections(edition, configured) {
  const titles = [...new Set([...configured, ...edition.items.map((item) => item.section)])];
  return titles.map((title) => ({
    list: "items",
    section: title,
    items: edition.items.filter((item) => item.section === title),
  }));
}

// Sections and pending: everything that an item can be moved to, from top to bottom.
export const groups = (edition, configured) => [
  ...sections(edition, configured),
  { list: "pending", section: null, items: edition.pending },
];

// An item's number in the mail, by its id; items that are dropped or held have none.
export function numbers(edition, configured) {
  const used = sections(edition, configured).flatMap(({ items }) =>
    items.filter((item) => item.use === "yes"),
  );
  return new Map(used.map((item, index) => [item.id, index + 1]));
}

export const find = (edition, id) => LISTS.flatMap((name) => edition[name]).find((item) => item.id === id);

export const isPending = (edition, id) => edition.pending.some((item) => item.id === id);

// The place one step up (-1) or down (1) from where an item is; null at either end.
export function stepped(edition, configured, id, step) {
  const all = groups(edition, configured);
  const index = all.findIndex(({ items }) => items.some((item) => item.id === id));
  const { list, section, items } = all[index];
  const place = items.findIndex((item) => item.id === id) + step;
  if (place >= 0 && place < items.length) return { list, section, place };
  // From the pending ones, an item goes up into its own section.
  const home =
    step < 0 && list === "pending" ? all.find((group) => group.section === items[0].section) : null;
  const next = home ?? all[index + step];
  return next ? { list: next.list, section: next.section, place: step < 0 ? next.items.length : 0 } : null;
}

// Where *place* of a group is in the file's list, counted without the item.
export function fileIndex(edition, configured, id, { list, section, place }) {
  return list === "pending" ? place : flatIndex(edition, configured, id, section, place);
}

function flatIndex(edition, configured, id, section, place) {
  const rest = edition.items.filter((item) => item.id !== id);
  const group = rest.filter((item) => item.section === section);
  if (place < group.length) return rest.indexOf(group[place]);
  if (group.length) return rest.indexOf(group.at(-1)) + 1;
  const all = sections({ ...edition, items: rest }, configured);
  const before = all.slice(
    0,
    all.findIndex((other) => other.section === section),
  );
  return Math.max(0, ...before.flatMap(({ items }) => items).map((item) => rest.indexOf(item) + 1));
}

export function moved(edition, id, to, index) {
  const item = find(edition, id);
  if (!item) return edition;
  const without = (items) => items.filter((other) => other.id !== id);
  const lists = Object.fromEntries(LISTS.map((name) => [name, without(edition[name])]));
  lists[to].splice(index, 0, item);
  return { ...edition, ...lists };
}

export function written(edition, id, key, value) {
  if (!id) return { ...edition, [key]: value };
  const change = (items) => items.map((item) => (item.id === id ? { ...item, [key]: value } : item));
  return { ...edition, items: change(edition.items), pending: change(edition.pending) };
}

// A part of an item or of the edition by its path, as in "image.alt" or "quick_hits.2.text".
export const part = (owner, path) => path.split(".").reduce((value, name) => value?.[name], owner) ?? "";

// Whether the record that has that part is there at all: a new one is only typed yet.
export function hasPlace(owner, path) {
  const names = path.split(".");
  const record = names.slice(0, -1).reduce((value, name) => value?.[name], owner);
  return Array.isArray(record) ? Number(names.at(-1)) < record.length : Boolean(record);
}

// The whole value of the path's key with *text* as that part of it.
export function withPart(owner, path, text) {
  const [key, ...names] = path.split(".");
  return names.length ? replaced(owner[key], names, text) : text;
}

function replaced(value, [name, ...names], text) {
  const copy = Array.isArray(value) ? [...value] : { ...value };
  copy[name] = names.length ? replaced(copy[name] ?? {}, names, text) : text;
  return copy;
}
