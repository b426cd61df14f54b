// The edition as the backend has it, what was asked of it and is not answered yet, and the writes in their order.

import { get, post } from "./server.js";

const watchers = new Set();
let state = null;
let newest = -1; // version of *state*
let announced = -1; // version that the backend told of last
let taken = 0; // states that were received
let guesses = []; // what the edition will be once the writes on their way are answered
let queue = Promise.resolve();
let fetching = false;
let events;

export const desk = {
  connected: true,
  // Writes that are on their way.
  waiting: 0,
  get state() {
    return state;
  },
  // Whether anything can be edited now; not while the file on the disk is broken.
  get open() {
    return Boolean(state?.edition) && !state.stale;
  },
  // What is to be seen: the backend's edition, with what was just done to it.
  get edition() {
    return guesses.reduce((edition, guess) => guess(edition), state?.edition ?? null);
  },
};

// *watcher* is called after each change of any of the above.
export function watch(watcher) {
  watchers.add(watcher);
}

export function tell() {
  for (const watcher of watchers) watcher();
}

export function follow() {
  events = new EventSource("/events");
  events.onmessage = ({ data }) => {
    announced = Number(data);
    if (announced !== newest) refresh();
  };
  events.onopen = () => {
    if (!desk.connected) newest = -1; // a backend that was started anew counts from the beginning
    connect(true);
  };
  events.onerror = () => connect(false);
  refresh();
}

// A browser keeps six connections to a host: tabs that nobody sees must not hold them all.
document.addEventListener("visibilitychange", () => {
  events?.close();
  if (document.visibilityState === "visible") follow();
});

function connect(connected) {
  if (desk.connected === connected) return;
  desk.connected = connected;
  tell();
}

async function refresh() {
  if (fetching) return;
  fetching = true;
  try {
    do {
      const before = taken;
      const fresh = await get("/state.json");
      // What a write that was answered meanwhile said is the later state.
      if (taken !== before) continue;
      take(fresh);
      desk.connected = true;
      tell();
    } while (announced > newest);
  } catch {
    connect(false);
  } finally {
    fetching = false;
  }
}

function take(fresh) {
  taken += 1;
  newest = fresh.version;
  state = fresh;
}

// Asks for a change, after all that was asked for before. *body* is made when its turn has come; *guess* shows
// the outcome until the answer is there; *answered* runs before the answer is shown.
export function write(path, body, { guess = null, answered = () => {} } = {}) {
  if (guess) guesses.push(guess);
  desk.waiting += 1;
  tell();
  const turn = queue.then(async () => {
    try {
      const fresh = await post(path, body());
      if (fresh.version !== undefined) take(fresh);
      answered();
    } finally {
      guesses = guesses.filter((other) => other !== guess);
      desk.waiting -= 1;
      tell();
    }
  });
  queue = turn.catch(() => {});
  return turn;
}

export const edit = (change, options) =>
  write("/edit", () => ({ text_sha: state.text_sha, edit: change() }), options);
