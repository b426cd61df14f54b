// The editor: every text of the selected item, or of the edition itself, in its place.

import { at, el, icon, isWeb, link, once, setText } from "./dom.js";
import { draftOf, forget, ownerOf, unsent } from "./drafts.js";
import { noteNode, textField } from "./field.js";
import { EDITION, bringIn, pendingNow, remove, selection, set } from "./items.js";
import { recordList } from "./records.js";
import { desk, tell, watch } from "./store.js";

const panel = at("edit");
let mounted = null; // {id, node, fields(), patch()}

// *dialogs* are what the editor's buttons open: {chooseDeeper(id), showSources()}.
export function startEditor(dialogs) {
  watch(() => {
    if (!desk.edition || selection() === null) return;
    showLost();
    const id = selection();
    if (mounted?.id !== id) {
      if (mounted) panel.scrollTop = 0;
      mounted = id === EDITION ? editionForm() : itemForm(id, dialogs);
      panel.replaceChildren(mounted.node);
    }
    mounted.patch();
  });
}

// Takes the caret into the field for *key*: the first of an item's fields when there is none for it.
export function focusField(key, check = null) {
  const fields = mounted?.fields() ?? [];
  const found =
    fields.find(({ path }) => path === key) ?? fields.find(({ path }) => path.split(".")[0] === key);
  (found ?? fields[0])?.show(found ? check : null);
}

// The field that has the focus, if one has.
export const focusedField = () => mounted?.fields().find(({ area }) => area === document.activeElement);

// --- an item ----------------------------------------------------------------------------------------------------

function itemForm(id, { chooseDeeper, showSources }) {
  const field = (path, label, options = {}) => textField({ id, path, label, ...options });
  const small = (label, act) => el("button", { type: "button", class: "plain small", onclick: act }, label);
  const byPath = Object.fromEntries(
    [
      field("headline", "Headline", { short: true }),
      field("summary", "Summary", { acts: [small("Sources", showSources)] }),
      field("question", "Question", { short: true, hint: "opens the context, in bold" }),
      field("context", "Context"),
      field("dig_deeper", "Dig deeper", { acts: [small("Other targets …", () => chooseDeeper(id))] }),
      field("byline", "Byline", { short: true }),
      field("url", "Link", { short: true }),
      field("outlet", "Outlet", { short: true }),
      field("correction", "Correction"),
      field("image.url", "Picture’s address", { short: true }),
      field("image.alt", "Alternative text", { short: true, hint: "what is to be seen" }),
      field("image.caption", "Caption", { short: true }),
      field("image.credit", "Credit", { short: true, hint: "no credit, no photo" }),
    ].map((made) => [made.path, made]),
  );
  const fields = Object.values(byPath);
  const nodes = (...paths) => paths.map((path) => byPath[path].node);
  const title = el("h2", { id: "edit-title", class: "unseen" });
  const about = el("p", { class: "quiet" });
  const general = el("ul", { class: "notes" });
  const patchGeneral = once((checks) => general.replaceChildren(...checks.map(noteNode)));
  const state = useSwitch(id);
  const section = sectionChoice(id);
  const flags = [flag(id, "update", "Update"), flag(id, "subscription", "Subscription")];
  const picture = pictureShown(id);
  const vouched = vouchedList(id);
  const taken = el(
    "button",
    { type: "button", class: "plain small", onclick: () => remove(id) },
    "Remove this item",
  );

  const node = el(
    "div",
    { class: "form" },
    title,
    el("div", { class: "item-head" }, state.node, section.node, ...flags.map(({ node: box }) => box), taken),
    about,
    general,
    ...nodes("headline", "summary", "question", "context", "dig_deeper"),
    el("div", { class: "pair" }, nodes("byline", "outlet")),
    ...nodes("url"),
    el(
      "fieldset",
      { class: "picture" },
      el("legend", {}, "Picture"),
      picture.node,
      el("div", { class: "fields" }, nodes("image.url", "image.alt", "image.caption", "image.credit")),
    ),
    ...nodes("correction"),
    vouched.node,
  );

  const patchAbout = once(({ url, note, written }) => {
    const words = [note, written && `written by ${written}`].filter(Boolean).join(" · ");
    about.replaceChildren(
      ...[isWeb(url) && link(url, "Read the article"), words && `${isWeb(url) ? " · " : ""}${words}`].filter(
        Boolean,
      ),
    );
  });

  function patch() {
    const item = ownerOf(desk.edition, id);
    setText(title, item.headline);
    patchAbout({ url: item.url, note: item.note, written: item.written_by });
    patchGeneral(
      desk.state.checks.filter((check) => check.item === id && !byPath[check.key] && check.key !== "image"),
    );
    for (const thing of [state, section, ...flags, picture, vouched]) thing.patch(item);
    taken.hidden = !item.own;
    taken.disabled = !desk.open;
    for (const made of fields) made.patch();
  }

  return { id, node, patch, fields: () => fields };
}

// In, hold or drop; for a pending item, the button that brings it in.
function useSwitch(id) {
  const options = [
    ["yes", "In"],
    ["hold", "Hold"],
    ["no", "Drop"],
  ].map(([value, label]) => {
    const input = el("input", {
      type: "radio",
      name: `use-${id}`,
      value,
      onchange: () => set(id, "use", value),
    });
    return { value, input, node: el("label", {}, input, el("span", {}, label)) };
  });
  const bring = el(
    "button",
    { type: "button", class: "chief small", onclick: () => bringIn(id) },
    "Bring in",
  );
  const choice = el(
    "div",
    { class: "switch", role: "radiogroup", "aria-label": "Use" },
    options.map(({ node }) => node),
  );
  const patch = (item) => {
    const pending = pendingNow(id);
    choice.hidden = pending;
    bring.hidden = !pending;
    bring.disabled = !desk.open;
    for (const { value, input } of options) {
      input.checked = item.use === value;
      input.disabled = !desk.open;
    }
  };
  return { node: el("div", {}, choice, bring), patch };
}

function sectionChoice(id) {
  const choice = el("select", { onchange: () => set(id, "section", choice.value) });
  const patchOptions = once((titles) => {
    choice.replaceChildren(...titles.map((title) => el("option", { value: title }, title || "No section")));
  });
  const patch = (item) => {
    const known = [...desk.edition.items, ...desk.edition.pending].map(({ section }) => section);
    patchOptions([...new Set([...desk.state.newsletter.sections, ...known])]);
    if (choice.value !== item.section) choice.value = item.section;
    choice.disabled = !desk.open;
  };
  return {
    node: el("label", { class: "choice" }, el("span", { class: "unseen" }, "Section"), choice),
    patch,
  };
}

function flag(id, key, label) {
  const box = el("input", { type: "checkbox", onchange: () => set(id, key, box.checked) });
  const patch = (item) => {
    box.checked = item[key];
    box.disabled = !desk.open;
  };
  return { node: el("label", { class: "check" }, box, ` ${label}`), patch };
}

function pictureShown(id) {
  const image = el("img", { class: "thumb", alt: "", hidden: true, onerror: () => (image.hidden = true) });
  const none = el(
    "button",
    { type: "button", class: "plain small", onclick: () => set(id, "image", null) },
    "No picture",
  );
  const patchSource = once((url) => {
    image.hidden = !isWeb(url);
    if (isWeb(url)) image.src = url;
    else image.removeAttribute("src");
  });
  const patch = (item) => {
    patchSource(item.image?.url ?? "");
    none.hidden = !item.image;
    none.disabled = !desk.open;
  };
  return { node: el("div", { class: "shown" }, image, none), patch };
}

// What the editors answer for, though no source says it.
function vouchedList(id) {
  const list = el("ul", {});
  const node = el(
    "section",
    { class: "vouched", "aria-label": "Vouched for by the editors" },
    el("h3", {}, "Vouched for"),
    list,
  );
  const patchList = once((things) => {
    list.replaceChildren(
      ...things.map((thing) => {
        const others = () => things.filter((other) => other !== thing);
        const back = el(
          "button",
          {
            type: "button",
            class: "plain small",
            "aria-label": `Take back: ${thing}`,
            onclick: () => set(id, "vouched", others()),
          },
          icon("remove"),
        );
        return el("li", {}, el("span", { dir: "auto" }, thing), back);
      }),
    );
  });
  const patch = (item) => {
    node.hidden = !item.vouched.length;
    patchList(item.vouched);
  };
  return { node, patch };
}

// --- the edition ------------------------------------------------------------------------------------------------

function editionForm() {
  const fields = [
    textField({ id: EDITION, path: "subject", label: "Subject", short: true, limit: 60 }),
    textField({ id: EDITION, path: "preheader", label: "Preheader", short: true, limit: 90 }),
    textField({ id: EDITION, path: "letter", label: "Letter", hint: "an empty line parts its paragraphs" }),
  ];
  const lists = [
    recordList({
      key: "quick_hits",
      title: "Quick hits",
      one: "quick hit",
      columns: [
        ["text", "Text", true],
        ["url", "Link", true],
        ["outlet", "Outlet", true],
      ],
    }),
    recordList({
      key: "corrections",
      title: "Corrections",
      one: "correction",
      columns: [["", "Correction"]],
    }),
    recordList({
      key: "asides",
      title: "Number or quote of the day",
      one: "aside",
      columns: [
        ["title", "Title", true],
        ["text", "Text"],
        ["by", "By", true],
      ],
    }),
    recordList({
      key: "sponsors",
      title: "Sponsors",
      one: "sponsor",
      columns: [
        ["name", "Name", true],
        ["text", "Text"],
        ["url", "Link", true],
        ["place", "Place (top, after first)", true],
        ["starts", "First day", true],
        ["ends", "Last day", true],
      ],
    }),
  ];
  const node = el(
    "div",
    { class: "form" },
    el("h2", {}, "Subject and letter"),
    fields.map((made) => made.node),
    lists.map((made) => made.node),
  );
  const all = () => [...fields, ...lists.flatMap((made) => made.fields())];
  const patch = () => {
    for (const made of [...fields, ...lists]) made.patch();
  };
  return { id: EDITION, node, patch, fields: all };
}

// --- texts whose item is gone -----------------------------------------------------------------------------------

const patchLost = once((lost) => {
  at("kept").hidden = !lost.length;
  at("kept").replaceChildren(
    ...lost.map(([id, path, text]) =>
      el(
        "div",
        {},
        el("p", {}, "This was typed, and its item is no longer in the file:"),
        el("blockquote", { dir: "auto" }, text),
        el(
          "button",
          { type: "button", class: "plain small", onclick: () => (forget(id, path), tell()) },
          "Give it up",
        ),
      ),
    ),
  );
});

function showLost() {
  const lost = unsent().filter(([id]) => !ownerOf(desk.state.edition, id));
  patchLost(lost.map(([id, path]) => [id, path, draftOf(id, path).text]));
}
