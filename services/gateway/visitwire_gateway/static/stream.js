// An event stream that goes on. A browser comes back by itself where a connection breaks, but gives up for good where the
// answer is no stream: behind a proxy while the gateway starts anew, or when the login is over.
"use strict";

const PAUSE = 3000;   // milliseconds

function follow(address, place, { events, open = () => {}, lost = () => {} }) {
  let source = null, last = place, timer = null;
  function connect() {
    timer = null;
    source = new EventSource(`${address}&after=${encodeURIComponent(last)}`);
    source.addEventListener("open", open);
    source.addEventListener("error", broken);
    for (const [kind, act] of Object.entries(events)) source.addEventListener(kind, (event) => {
      last = event.lastEventId || last;
      act(event);
    });
  }
  async function broken() {
    lost();
    const mine = source;
    if (mine.readyState !== EventSource.CLOSED) return;
    const answer = await fetch("/api/v1/me").catch(() => null);
    if (mine !== source || timer !== null) return;
    if (answer?.status === 401) location.assign(`/login?back=${encodeURIComponent(location.pathname + location.search)}`);
    else timer = setTimeout(connect, PAUSE);
  }
  function leave() { clearTimeout(timer); timer = null; source.close(); source = null; }
  connect();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => { if (event.persisted && source === null) connect(); });
}
