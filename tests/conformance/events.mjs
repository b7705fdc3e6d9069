// Listens with an EventSource as browsers have it, which connects again by itself: node events.mjs ADDRESS COUNT
// Prints "open" at first, then what it heard as JSON: the data of COUNT visits in their order, and how often it connected.
import { EventSource } from "eventsource";

const [address, count] = process.argv.slice(2);
const source = new EventSource(address);
const heard = [];
let opened = 0;
source.addEventListener("open", () => {
  if (opened++ === 0) console.log("open");
});
source.addEventListener("resync", () => heard.push("resync"));
source.addEventListener("visit", (event) => {
  heard.push(event.data);
  if (heard.length < Number(count)) return;
  console.log(JSON.stringify({ heard, opened }));
  process.exit(0);
});
