// What asks before it acts: approve, test send, an item of one's own, another dig-deeper target; and the file.

import { at, el, link, setText } from "./dom.js";
import { countOf } from "./checks.js";
import { ownerOf, unsent } from "./drafts.js";
import { EDITION, select, selection, set } from "./items.js";
import { find, sections } from "./places.js";
import { speak, toast } from "./saying.js";
import { get, getText, post } from "./server.js";
import { desk, edit, write } from "./store.js";
import { plural, shortDay } from "./words.js";

for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}

// Runs *act* when a dialog's form is sent, and closes it when that went well.
function onSend(dialog, act) {
  const form = dialog.querySelector("form");
  const chief = form.querySelector(".chief");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    chief.disabled = true;
    fault(dialog, "");
    try {
      await act();
      dialog.close();
    } catch (refused) {
      fault(dialog, refused.message);
    } finally {
      chief.disabled = false;
    }
  });
}

const fault = (dialog, words) => setText(dialog.querySelector(".fault"), words);

// --- approve ------------------------------------------------------------------------------------------------------

let asked = ""; // the hash of what the editor saw when the dialog opened

export function approve() {
  if (!desk.open || at("approving").open) return;
  const { mail } = desk.state;
  asked = mail.sha256;
  at("approved-content").replaceChildren(
    ...[
      ["Subject", mail.subject],
      ["Items", String(desk.edition.items.filter((item) => item.use === "yes").length)],
      ["Content", `sha256 ${asked}`],
    ].flatMap(([term, words]) => [el("dt", {}, term), el("dd", { dir: "auto" }, words)]),
  );
  const notes = [
    unsent().length && [
      "error",
      `${plural(unsent().length, "text")} that you typed ${unsent().length === 1 ? "is" : "are"} not saved, and not in it.`,
    ],
    countOf("error") && ["error", `${plural(countOf("error"), "error")} in it.`],
    countOf("warning") && ["warning", `${plural(countOf("warning"), "warning")} in it.`],
  ].filter(Boolean);
  at("approving-notes").replaceChildren(...notes.map(([level, words]) => el("p", { class: level }, words)));
  at("approver").value ||= localStorage.getItem("digest desk name") ?? "";
  fault(at("approving"), "");
  at("approving").showModal();
  at("approver").focus();
}

onSend(at("approving"), async () => {
  const by = at("approver").value.trim();
  localStorage.setItem("digest desk name", by);
  await write("/approve", () => ({ sha256: asked, by }));
  speak("Approved");
});

// --- test send ----------------------------------------------------------------------------------------------------

export function testSend() {
  if (!desk.open || at("testing").open) return;
  at("receiver").value ||= localStorage.getItem("digest desk receiver") ?? "";
  fault(at("testing"), "");
  at("testing").showModal();
  at("receiver").focus();
}

onSend(at("testing"), async () => {
  const to = at("receiver").value.trim();
  localStorage.setItem("digest desk receiver", to);
  const { words } = await post("/test", { to });
  toast(words);
});

// --- compose again --------------------------------------------------------------------------------------------------

export async function composeAgain() {
  if (desk.state?.composing) return;
  try {
    await post("/compose", {});
    speak("Composing again");
  } catch (refused) {
    toast(`Not composed: ${refused.message}`, { alarm: true });
  }
}

// --- undo and redo --------------------------------------------------------------------------------------------------

export async function unwind(path) {
  const words = path === "/undo" ? desk.state?.undo : desk.state?.redo;
  if (!words || !desk.open) return;
  try {
    await write(path, () => ({}));
    speak(`${path === "/undo" ? "Undone" : "Redone"}: ${words}`);
  } catch (refused) {
    toast(refused.message, { alarm: true });
  }
}

// --- an item of one's own -------------------------------------------------------------------------------------------

const ownKeys = ["headline", "summary", "url", "section"];
const ownForm = at("adding").querySelector("form");
const ownText = "digest desk own item";

export function addItem() {
  if (!desk.open || at("adding").open) return;
  const titles = sections(desk.edition, desk.state.newsletter.sections).map(({ section }) => section);
  const choice = ownForm.elements.section;
  choice.replaceChildren(...titles.map((title) => el("option", { value: title }, title || "No section")));
  const kept = JSON.parse(sessionStorage.getItem(ownText) ?? "{}");
  for (const key of ownKeys) ownForm.elements[key].value = kept[key] ?? "";
  choice.value = kept.section ?? find(desk.edition, selection())?.section ?? titles[0] ?? "";
  fault(at("adding"), "");
  at("adding").showModal();
}

const typed = () => Object.fromEntries(ownKeys.map((key) => [key, ownForm.elements[key].value]));

ownForm.addEventListener("input", () => sessionStorage.setItem(ownText, JSON.stringify(typed())));

onSend(at("adding"), async () => {
  const item = typed();
  const before = new Set(desk.state.edition.items.map(({ id }) => id));
  const last = desk.state.edition.items.findLastIndex(({ section }) => section === item.section);
  const index = last < 0 ? desk.state.edition.items.length : last + 1;
  await edit(() => ({ kind: "add", to: "items", index, item }));
  sessionStorage.removeItem(ownText);
  select(desk.state.edition.items.find(({ id }) => !before.has(id))?.id ?? EDITION);
  speak(`“${item.headline}” is added`);
});

// --- another dig-deeper target ----------------------------------------------------------------------------------------

const withoutMarks = (text) => text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("*", "");

export async function chooseDeeper(id) {
  if (!desk.open) return;
  const list = at("candidates");
  const say = (words) => list.replaceChildren(el("p", { class: "nothing" }, words));
  say("Searching …");
  at("choosing").showModal();
  try {
    const { candidates } = await get(`/candidates/${encodeURIComponent(id)}.json`);
    if (candidates.length)
      list.replaceChildren(
        el(
          "ul",
          {},
          candidates.map((candidate) => candidateNode(id, candidate)),
        ),
      );
    else say("Nothing else is related enough.");
  } catch (refused) {
    say(`Nothing was found: ${refused.message}`);
  }
}

function candidateNode(id, { sentence, title, outlet, url, kind, published }) {
  const take = () => {
    at("choosing").close();
    if (ownerOf(desk.edition, id)) set(id, "dig_deeper", sentence);
  };
  const when = published ? shortDay(new Date(published)) : "";
  const isChosen = ownerOf(desk.edition, id)?.dig_deeper === sentence;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "candidate", onclick: take, "aria-current": isChosen ? "true" : null },
      el("span", { class: "headline", dir: "auto" }, title),
      el(
        "span",
        { class: "about" },
        [outlet, kind, when, isChosen && "chosen now"].filter(Boolean).join(" · "),
      ),
      el("span", { dir: "auto" }, withoutMarks(sentence)),
    ),
    el("p", {}, link(url, "Look at it")),
  );
}

// --- the file ---------------------------------------------------------------------------------------------------------

export async function readFile(problems) {
  const lines = (await getText("/file")).split(/\r\n|[\n\r\x85\u2028\u2029]/);
  const wrong = new Map(problems.map((problem) => [problem.line, problem]));
  at("lines").replaceChildren(
    ...lines.map((text, index) => {
      const problem = wrong.get(index + 1);
      return el(
        "li",
        { class: problem ? "wrong" : null },
        el("code", {}, text || " "),
        problem ? el("p", { class: "error" }, problem.words) : "",
      );
    }),
  );
  at("reading").showModal();
  at("lines").querySelector(".wrong")?.scrollIntoView({ block: "center" });
}
