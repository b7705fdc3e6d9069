"""How wire items come in: a watched folder, HTTP push, polled URLs, a mailbox. Each publishes raw bytes."""
