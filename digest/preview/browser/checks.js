// What should be looked at before the edition goes out; each leads to its place.

import { at, el, icon, once, setText } from "./dom.js";
import { focusField } from "./editor.js";
import { EDITION, select } from "./items.js";
import { showPanel } from "./panels.js";
import { find } from "./places.js";
import { desk, watch } from "./store.js";
import { plural } from "./words.js";

const LEVELS = [
  ["error", "Errors"],
  ["warning", "Warnings"],
  ["note", "Notes"],
];

export const countOf = (level) => desk.state.checks.filter((check) => check.level === level).length;

function lead(check) {
  select(check.item || EDITION);
  showPanel("edit");
  focusField(check.key, check);
}

const patchList = once(({ checks, headlines }) => {
  const list = (level, title) => {
    const found = checks.filter((check) => check.level === level);
    if (!found.length) return null;
    const id = `checks-${level}`;
    const items = found.map((check) =>
      el(
        "li",
        {},
        el(
          "button",
          { type: "button", class: `check-row ${level}`, onclick: () => lead(check) },
          icon(level),
          el(
            "span",
            {},
            el("span", { class: "finding" }, check.words),
            el("span", { class: "about", dir: "auto" }, headlines[check.item] ?? "The edition"),
          ),
        ),
      ),
    );
    return el(
      "section",
      { "aria-labelledby": id },
      el("h3", { id }, title, " ", el("span", { class: "quiet" }, `${found.length}`)),
      el("ul", {}, items),
    );
  };
  const lists = LEVELS.map(([level, title]) => list(level, title)).filter(Boolean);
  at("findings").replaceChildren(
    ...(lists.length ? lists : [el("p", { class: "nothing" }, "Nothing to fix.")]),
  );
});

export function startChecks() {
  watch(() => {
    if (!desk.state?.checks) return;
    const { checks, edition } = desk.state;
    patchList({
      checks,
      headlines: Object.fromEntries(checks.map(({ item }) => [item, find(edition, item)?.headline])),
    });
    const [errors, warnings] = [countOf("error"), countOf("warning")];
    setText(at("counts"), errors + warnings ? `${errors + warnings}` : "");
    at("counts").className = `counts ${errors ? "error" : "warning"}`;
    at("counts").setAttribute("aria-label", `${plural(errors, "error")}, ${plural(warnings, "warning")}`);
    at("counts").hidden = !(errors + warnings);
  });
}
