// What goes to Landa and what comes back: acts by POST, everything new by server-sent events.

const TRIES_AFTER_MS = [400, 1500];

/** Sends one act; the same id at every try, so that it is taken once. */
export async function act(body) {
  const sent = { id: crypto.randomUUID(), ...body };
  for (let number = 0; ; number += 1) {
    const answer = await post("/preview/act", sent);
    if (answer) return answer;
    if (number >= TRIES_AFTER_MS.length) return { taken: "lost" };
    await new Promise((done) => setTimeout(done, TRIES_AFTER_MS[number]));
  }
}

/** What was answered; null when nobody did, so that it may be tried again. */
export async function post(path, sent) {
  const body = JSON.stringify(sent);
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(path, { method: "POST", headers, body });
    if (response.ok) return await response.json();
    return response.status < 500 ? { taken: "refused" } : null;
  } catch {
    return null;
  }
}

/** Listens for one person. on: a function for each event, and "away"(isAway). */
export function listen(person, on) {
  let source = null;
  let again = null;
  const open = () => {
    source = new EventSource(`/preview/events?person=${person}`);
    for (const name of ["start", "entry", "time", "waiting"]) {
      source.addEventListener(name, (event) => on[name](JSON.parse(event.data)));
    }
    source.addEventListener("start", () => on.away(false));
    source.addEventListener("error", () => {
      on.away(true);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, 2000);
    });
  };
  open();
  return () => {
    clearTimeout(again);
    source.close();
  };
}
