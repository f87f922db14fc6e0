// Serves ui/ the way the program does (same addresses, same content policy), so that the sample page and the elements can be
// looked at and tested without it: node e2e/gallery-server.mjs [port]
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const UI = fileURLToPath(new URL("../ui/", import.meta.url));
const TYPES = { html: "text/html", css: "text/css", js: "text/javascript" };
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-ancestors 'none'";

/** `/assets/NAME` is css/NAME, js/NAME or vendor/NAME; every other address is the sample page. */
function places(path) {
  const name = /^\/assets\/([\w.-]+)$/.exec(path)?.[1];
  if (!name) return ["gallery.html"];
  return name.endsWith(".css") ? [`css/${name}`] : [`js/${name}`, `vendor/${name}`];
}

async function read(path) {
  for (const place of places(path)) {
    try {
      return { place, body: await readFile(join(UI, place)) };
    } catch {
      // not in this folder
    }
  }
  return null;
}

const server = createServer(async (request, response) => {
  const found = await read(new URL(request.url, "http://localhost").pathname);
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const type = TYPES[found.place.split(".").pop()];
  response.writeHead(200, { "Content-Type": `${type}; charset=utf-8`, "Content-Security-Policy": POLICY, "Cache-Control": "no-store" });
  response.end(found.body);
});

const port = Number(process.argv[2] ?? 8601);
server.listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
