// The mail as it will be sent, in all its views.

import { at, el, once, setAttribute, setText } from "./dom.js";
import { numbers } from "./places.js";
import { watchSelection } from "./items.js";
import { isNarrow, isShown, watchPanels } from "./panels.js";
import { desk, watch } from "./store.js";
import { thousands } from "./words.js";

const frame = at("frame");
const plain = at("plain");
const inbox = at("inbox");
const remembered = "digest desk view";
const FRAMED = ["html", "web"];

const view = { show: "html", width: isNarrow() ? "360" : "600", look: "light", ...recalled() };
let shown = ""; // address and hash of what is to be seen
let sent = ""; // the content's hash

function recalled() {
  try {
    return JSON.parse(localStorage.getItem(remembered)) ?? {};
  } catch {
    return {};
  }
}

function choose(change) {
  Object.assign(view, change);
  localStorage.setItem(remembered, JSON.stringify(view));
  mark();
  show();
  fit();
}

function mark() {
  for (const name of ["show", "width"]) {
    for (const button of document.querySelectorAll(`[data-${name}]`)) {
      setAttribute(button, "aria-pressed", button.dataset[name] === view[name]);
    }
  }
  at("look").value = view.look;
  at("widths").hidden = !FRAMED.includes(view.show);
  at("looks").hidden = view.show !== "html";
}

async function show() {
  // What nobody sees is not loaded.
  if (!sent || !isShown("mail")) return;
  const address = view.show === "html" ? `/mail/html?view=${view.look}` : `/mail/${view.show}`;
  const framed = FRAMED.includes(view.show);
  frame.hidden = !framed;
  inbox.hidden = view.show !== "inbox";
  plain.hidden = framed || view.show === "inbox";
  const wanted = `${address} ${sent}`;
  if (view.show === "inbox" || shown === wanted) return;
  shown = wanted;
  if (!framed) {
    const text = await (await fetch(address)).text();
    if (shown === wanted) setText(plain, text);
    return;
  }
  const before = frame.contentDocument;
  const there = before?.location;
  if (there && there.pathname + there.search === address) {
    frame.contentWindow.location.reload(); // and the browser keeps the place
  } else if (frame.src) {
    const top =
      there?.pathname === new URL(address, location.href).pathname ? frame.contentWindow.scrollY : 0;
    frame.contentWindow.location.replace(address); // which is no step for the Back button
    prepare(before, top);
    return;
  } else {
    frame.src = address;
  }
  prepare(before);
}

// A link opens beside the desk, not in the frame. The frame's "load" alone would wait for slow pictures.
function prepare(before, top = 0) {
  const mail = frame.contentDocument;
  if (mail && (mail === before || mail.readyState === "loading")) {
    setTimeout(prepare, 20, before, top);
    return;
  }
  for (const link of mail?.links ?? []) {
    if (link.protocol.startsWith("http") && link.host !== location.host) link.target = "_blank";
  }
  if (top) frame.contentWindow.scrollTo(0, top);
  fit();
}

// A mail is as wide as its view says, without the scroll bar that some systems put beside it, and is drawn smaller
// where there is no room for that.
function fit() {
  const inside = frame.contentDocument?.documentElement;
  const stage = at("stage-of-mail");
  if (frame.hidden || !stage.clientWidth) return;
  const width = Number(view.width);
  const bar = inside ? frame.contentWindow.innerWidth - inside.clientWidth : 0;
  const scale = Math.min(1, stage.clientWidth / (width + bar));
  frame.style.width = `${width + bar}px`;
  frame.style.height = `${stage.clientHeight / scale}px`;
  frame.style.transform = scale < 1 ? `scale(${scale})` : "";
  frame.classList.toggle("full", scale < 1 || width + bar === stage.clientWidth);
}

// Scrolls to the selected item.
function find(id) {
  const number = desk.edition && numbers(desk.edition, desk.state.newsletter.sections).get(id);
  const mail = frame.contentDocument;
  const place = number && mail?.getElementById(`story-${number}`);
  if (place) place.scrollIntoView({ block: "start" });
  else if (id === "") frame.contentWindow?.scrollTo(0, 0);
}

// The row of a mail in the programs that people read it with; each cuts it where there is no more room.
const patchInbox = once(({ from, subject, preheader }) => {
  const name = from.replace(/\s*<[^>]*>\s*$/, "").replace(/^"|"$/g, "");
  const row = (program, kind) =>
    el(
      "figure",
      { class: `inbox ${kind}` },
      el("figcaption", {}, program),
      el(
        "div",
        { class: "row" },
        el("span", { class: "face", "aria-hidden": "true" }, [...name][0] ?? ""),
        el("span", { class: "name", dir: "auto" }, name),
        el("span", { class: "time" }, "06:15"),
        el(
          "span",
          { class: "line", dir: "auto" },
          el("span", { class: "subject" }, subject),
          el("span", { class: "preheader" }, preheader),
        ),
      ),
    );
  inbox.replaceChildren(
    row("Apple Mail, phone of 390 pixels", "apple"),
    row("Gmail, phone of 360 pixels", "gmail"),
    row("Gmail, desktop", "desktop"),
  );
});

const percent = (share) => `${Math.round(share * 100)}%`;

export function startMail() {
  mark();
  for (const name of ["show", "width"]) {
    for (const button of document.querySelectorAll(`[data-${name}]`)) {
      button.addEventListener("click", () => choose({ [name]: button.dataset[name] }));
    }
  }
  at("look").addEventListener("change", () => choose({ look: at("look").value }));
  frame.addEventListener("load", () => prepare(null));
  new ResizeObserver(fit).observe(at("stage-of-mail"));
  watchPanels((name) => name === "mail" && show());
  watchSelection((id) => find(id));
  watch(() => {
    const mail = desk.state?.mail;
    if (!mail) return;
    if (sent !== mail.sha256) {
      sent = mail.sha256;
      show();
    }
    patchInbox(mail);
    const share = mail.bytes / mail.limit;
    const bar = at("bytes");
    bar.firstElementChild.style.width = percent(Math.min(1, share));
    bar.className = share > 1 ? "error" : share > 0.9 ? "warning" : "";
    setAttribute(bar, "aria-valuemax", mail.limit);
    setAttribute(bar, "aria-valuenow", mail.bytes);
    setAttribute(bar, "aria-valuetext", `${percent(share)} of what Gmail shows`);
    setText(at("weight"), `${thousands(mail.bytes)} of ${thousands(mail.limit)} bytes`);
    setText(at("hash"), `sha256 ${mail.sha256}`);
    setAttribute(at("hash"), "title", `sha256 ${mail.sha256}: what an approval is of`);
  });
}
