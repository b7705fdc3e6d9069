// Changes as they happen, in Node without packages: node follow.mjs http://localhost:8080 [COUNT] [KEY]
const [address, count = "Infinity", key] = process.argv.slice(2);
const headers = key ? { authorization: `Bearer ${key}` } : {};
let left = Number(count), last = process.env.LAST_EVENT_ID, reached = false;

const stop = (words) => {
  console.error(`${address}: ${words}`);
  process.exit(1);
};

async function listen() {
  const answer = await fetch(`${address}/events?kind=change,visit&background=true`, {
    headers: { ...headers, ...(last ? { "last-event-id": last } : {}) },
  });
  if (!answer.ok) stop(`${answer.status} ${await answer.text()}`);
  reached = true;
  let text = "";
  for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const blocks = text.split("\n\n");
    text = blocks.pop();
    for (const block of blocks) {
      const fields = Object.fromEntries(block.split("\n").map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
      if (!fields.event) continue;
      last = fields.id;
      const data = JSON.parse(fields.data);
      console.log(fields.event, data.subject ?? data.id);
      if (--left <= 0) process.exit(0);
    }
  }
}

for (;;) {
  await listen().catch((wrong) => reached || stop(wrong.cause?.message ?? wrong.message));
  await new Promise((wake) => setTimeout(wake, 1000)); // cut off: again, from the last event on
}
