"use strict";
// Shows the mail's parts; what is saved on the disk is shown anew, at the same place.

const at = (id) => document.getElementById(id);
const frame = at("mail");
const plain = at("plain");
const buttons = [...document.querySelectorAll("button[data-part]")];

let part = "";    // which one is to be seen
let sha256 = "";  // of the content that is to be seen
let events;

function choose(button) {
  for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
  at("main").className = button.dataset.view;
  history.replaceState(null, "", `#${button.dataset.view}`);
  if (button.dataset.part !== part) {
    part = button.dataset.part;
    show();
  }
  fit();
}

async function show() {
  if (!sha256) return;
  const address = `/mail/${part}`;
  const framed = part === "html" || part === "web";
  frame.hidden = !framed;
  plain.hidden = framed;
  if (!framed) {
    const wanted = part;
    const text = await (await fetch(address)).text();
    if (part === wanted) plain.textContent = text;
    return;
  }
  const before = frame.contentDocument;
  if (before?.location.pathname === address) {
    frame.contentWindow.location.reload(); // and the browser keeps the place
  } else if (frame.src) {
    frame.contentWindow.location.replace(address); // which is no step for the Back button
  } else {
    frame.src = address;
  }
  prepare(before);
}

// A link opens beside the preview, not in the frame. The frame's "load" alone would wait for slow pictures.
function prepare(before) {
  const mail = frame.contentDocument;
  if (mail && (mail === before || mail.readyState === "loading")) {
    setTimeout(prepare, 20, before);
    return;
  }
  for (const link of mail?.links ?? []) {
    if (link.protocol.startsWith("http") && link.host !== location.host) link.target = "_blank";
  }
  fit();
}

// A mail is as wide as its view says, without the scroll bar that some systems put beside it.
function fit() {
  const inside = frame.contentDocument?.documentElement;
  if (frame.hidden || !inside) return;
  frame.style.setProperty("--bar", `${frame.contentWindow.innerWidth - inside.clientWidth}px`);
}

async function refresh() {
  const state = await (await fetch("/state.json")).json();
  for (const name of ["from", "subject", "preheader", "key"]) at(name).textContent = state[name] ?? "";
  at("title").textContent = state.title ?? "Preview";
  document.title = `${state.problem ? "⚠ " : ""}${state.subject ?? "Preview"} · ${state.key}`;
  at("bytes").textContent = state.sha256 ? `${state.bytes.toLocaleString("en")} bytes of HTML` : "";
  at("sha256").textContent = state.sha256 ? `sha256 ${state.sha256}` : "";
  at("words").textContent = state.problem;
  at("stale").textContent = !state.stale ? "" : state.sha256
    ? "This cannot be sent. Below is the last state that could be shown."
    : "This cannot be shown yet.";
  at("problem").hidden = !state.problem;
  at("main").hidden = !state.sha256;
  if (state.sha256 && state.sha256 !== sha256) {
    sha256 = state.sha256;
    show();
  }
}

function follow() {
  events = new EventSource("/events");
  events.onmessage = refresh;
  events.onopen = () => live(true);
  events.onerror = () => live(false);
}

function live(connected) {
  at("live").textContent = connected ? "Live" : "No connection: is digest preview still running?";
  at("live").className = connected ? "" : "lost";
}

// A browser keeps six connections to a host: tabs that nobody sees must not hold them all.
document.addEventListener("visibilitychange", () => {
  events.close();
  if (document.visibilityState === "visible") follow();
});
for (const button of buttons) button.addEventListener("click", () => choose(button));
frame.addEventListener("load", () => prepare(null));
choose(buttons.find((button) => `#${button.dataset.view}` === location.hash) ?? buttons[0]);
follow();
