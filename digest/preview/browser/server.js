// Talking with the backend.

const token = document.querySelector('meta[name="desk-token"]').content;

// An answer other than 2xx: *status* is 0 when there was none; *said* is what the backend answered.
export class Refused extends Error {
  constructor(status, said) {
    super(said.problem || `the desk answered ${status}`);
    this.status = status;
    this.said = said;
  }
}

export const get = async (path) => (await asked(path)).json();

export const getText = async (path) => (await asked(path)).text();

export async function post(path, body) {
  const headers = { "Content-Type": "application/json", "X-Desk-Token": token };
  return (await asked(path, { method: "POST", headers, body: JSON.stringify(body) })).json();
}

async function asked(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Refused(0, { problem: "no connection: is digest preview still running?" });
  }
  if (answer.ok) return answer;
  let said = {};
  try {
    said = await answer.json();
  } catch {
    // The backend itself answers in JSON; what stands in between may not.
  }
  throw new Refused(answer.status, said);
}
