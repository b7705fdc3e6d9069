// Says on the page of changes that more has changed since it was opened; what somebody reads does not move under them.
"use strict";
const shown = document.getElementById("changes");
const more = document.getElementById("more");
const heard = () => { more.hidden = false; };
follow("/events?kind=change&brief=true&background=true", shown.dataset.place, { events: { change: heard, resync: heard } });
