// The editors' desk: what is on top of the page, and what binds its parts together.

import { startChecks } from "./checks.js";
import { addItem, approve, chooseDeeper, composeAgain, readFile, testSend, unwind } from "./dialogs.js";
import { at, el, once, setAttribute, setText } from "./dom.js";
import { problems, unsent } from "./drafts.js";
import { startEditor } from "./editor.js";
import { openSheet, startKeys } from "./keys.js";
import { startMail } from "./mail.js";
import { showSources, startSources } from "./sources.js";
import { desk, follow, watch } from "./store.js";
import { clock, longDay, plural } from "./words.js";

function showTop({ newsletter, edition, key, problem, undo, redo, composing }) {
  setText(at("title"), newsletter?.title ?? key);
  setText(at("day"), edition ? `No. ${edition.number} · ${longDay(edition.day)}` : "");
  document.title = `${problem ? "⚠ " : ""}${edition?.subject ?? "Desk"} · ${key}`;
  for (const [name, label, words] of [
    ["undo", "Undo", undo],
    ["redo", "Redo", redo],
  ]) {
    at(name).disabled = !words || !desk.open;
    setAttribute(at(name), "aria-label", words ? `${label}: ${words}` : label);
    setAttribute(at(name), "title", words ? `${label}: ${words}` : `Nothing to ${label.toLowerCase()}`);
  }
  at("compose").disabled = Boolean(composing) || (Boolean(edition) && !desk.open);
  at("test").disabled = at("approve").disabled = !desk.open;
}

function showSaving() {
  const words = !desk.connected
    ? "No connection: is digest preview still running?"
    : problems().length
      ? `${plural(problems().length, "text")} not saved`
      : desk.waiting
        ? "Saving …"
        : unsent().length
          ? "Typing"
          : "Saved";
  setText(at("saving"), words);
  at("saving").className = !desk.connected || problems().length ? "alarm" : desk.waiting ? "busy" : "";
}

function showApproval({ approval, newsletter, out }) {
  const words = out ? "It went out" : approval ? approved(approval) : withoutApproval(newsletter?.approval);
  setText(at("approval"), newsletter ? words : "");
  at("approval").className = out || approval?.current ? "good" : approval ? "alarm" : "";
  setText(at("approve"), approval && !approval.current ? "Approve again" : "Approve");
}

function approved({ by, at: when, current }) {
  const words = `Approved by ${by} at ${clock(new Date(when))}`;
  return current ? words : `${words}, changed since`;
}

// What happens when nobody approves: "required", "automatic" or "automatic after 06:15".
function withoutApproval(rule) {
  if (rule === "required") return "Not approved: it does not go out";
  return `Not approved: goes out automatically${rule?.replace("automatic", "")}`;
}

const patchProblem = once(({ problem, problems: wrong, stale, shown }) => {
  const banner = at("problem");
  banner.hidden = !problem;
  if (!problem) {
    banner.replaceChildren();
    return;
  }
  const consequence = !stale
    ? ""
    : shown
      ? "This cannot be sent. Below is the last state that could be shown; it can be edited again when the file is fixed."
      : "This cannot be shown yet.";
  const list = wrong.length
    ? el(
        "ul",
        {},
        wrong.map(({ line, column, words }) =>
          el("li", {}, line ? el("b", {}, `Line ${line}, column ${column}: `) : "", words),
        ),
      )
    : el("pre", {}, problem);
  const look = wrong.some(({ line }) => line)
    ? el(
        "button",
        { type: "button", class: "plain small", onclick: () => readFile(wrong) },
        "Show in the file",
      )
    : "";
  banner.replaceChildren(
    ...[consequence && el("p", {}, el("strong", {}, consequence)), list, look].filter(Boolean),
  );
});

function showComposing({ composing }) {
  at("composing").hidden = !composing;
  if (!composing) return;
  const { stage, done, total, words } = composing;
  setText(
    at("stage"),
    `Composing: ${stage}${total ? ` ${done} of ${total}` : ""}${words ? ` · ${words}` : ""}`,
  );
  if (total) at("progress").value = done / total;
  else at("progress").removeAttribute("value");
}

watch(() => {
  const { state } = desk;
  showSaving();
  if (!state) return;
  showTop(state);
  showApproval(state);
  patchProblem({
    problem: state.problem,
    problems: state.problems,
    stale: state.stale,
    shown: Boolean(state.edition),
  });
  showComposing(state);
  at("main").hidden = at("panels").hidden = !state.edition;
});

for (const [name, act] of [
  ["undo", () => unwind("/undo")],
  ["redo", () => unwind("/redo")],
  ["compose", composeAgain],
  ["test", testSend],
  ["help", openSheet],
  ["approve", approve],
  ["add", addItem],
]) {
  at(name).addEventListener("click", act);
}
startEditor({ chooseDeeper, showSources });
startMail();
startChecks();
startSources();
startKeys();
follow();
