// Parses an AsyncAPI document with the parser of the AsyncAPI initiative: node asyncapi.mjs FILE
// Prints its channels and the fields of each message; ends with 1 where it finds an error.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const [file] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
const errors = diagnostics.filter((one) => one.severity === 0);
for (const one of errors) console.error(one.code, one.message, one.path.join("/"));
if (errors.length > 0 || !document) process.exit(1);
const channels = document.allChannels().all().map((channel) => [
  channel.address(),
  channel.messages().all().map((message) => Object.keys(message.payload()?.properties() ?? {})).flat(),
]);
console.log(JSON.stringify(Object.fromEntries(channels)));
