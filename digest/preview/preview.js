"use strict";
// Shows the mail in a sandboxed frame; a save on the disk shows it anew at the same place.

const frame = document.getElementById("mail");
const buttons = [...document.querySelectorAll("nav button")];
let part = "html";

function show(scroll) {
  frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, scroll), { once: true });
  frame.src = `/mail/${part}?${Date.now()}`;
}

async function refresh() {
  const state = await (await fetch("/state.json")).json();
  for (const name of ["title", "from", "subject", "preheader", "key"]) {
    document.getElementById(name).textContent = state[name] ?? "";
  }
  document.title = `${state.subject ?? "Preview"} · ${state.key}`;
  document.getElementById("bytes").textContent = state.bytes ? `${state.bytes.toLocaleString()} bytes of HTML` : "";
  document.getElementById("sha256").textContent = state.sha256 ? `sha256 ${state.sha256}` : "";
  const problem = document.getElementById("problem");
  problem.textContent = state.problem;
  problem.hidden = !state.problem;
  show(frame.contentWindow?.scrollY ?? 0);
  document.body.dataset.version = state.version;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const other of buttons) other.setAttribute("aria-pressed", String(other === button));
    part = button.dataset.part;
    frame.className = `w${button.dataset.width}`;
    show(0);
  });
}

new EventSource("/events").onmessage = refresh;
