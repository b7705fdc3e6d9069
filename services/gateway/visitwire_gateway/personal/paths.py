"""Where the calendar and the feed of a personal address are."""

PATH = "/feeds"


CALENDAR, FEED = "visits.ics", "visits.atom"
