// Reads a calendar with ical.js in strict mode, where a value or a line that breaks RFC 5545 is an error: node ical.mjs FILE
// Prints UID, SEQUENCE, STATUS, first and last day of each event.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(process.argv[2], "utf8")));
const events = calendar.getAllSubcomponents("vevent").map((found) => {
  const event = new ICAL.Event(found, { strictExceptions: true });
  return [event.uid, event.sequence, found.getFirstPropertyValue("status"), String(event.startDate), String(event.endDate)];
});
console.log(JSON.stringify(events));
