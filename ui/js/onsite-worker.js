// Keeps the pages of field work on the phone: the page of an act that was opened with a line, the list of them, their styles and scripts,
// and nothing else of the site. What is filled in is not here but in `onsite-shelf.js`. Served at the root, registered for /onsite alone.

const CACHE = "youju-onsite-1";
const ASSETS = ["tokens.css", "app.css", "parts.css", "table.css", "onsite.css", "onsite.js", "onsite-shelf.js", "onsite-photo.js", "onsite-sign.js", "mark.svg"].map((name) => `/assets/${name}`);
const LIST = "/onsite";
/** A page of field work: the list, or an act of a case. */
const PAGE = /^\/onsite(\/[0-9a-f-]{36}\/[a-z0-9_]+)?$/;
const PAGES_MAX = 60; // more than anybody visits before coming back into the net
const SLOW_MS = 6_000; // a line that is there and carries nothing: what is kept is shown instead

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(ASSETS)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const others = async () => {
    for (const name of await caches.keys()) if (name.startsWith("youju-onsite") && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(others());
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && PAGE.test(url.pathname)) event.respondWith(page(event.request, url.pathname));
  else if (ASSETS.includes(url.pathname)) event.respondWith(asset(event.request, url.pathname));
});

/** `keep` fetches a page that was opened before this script was there; `forget` takes pages away; both answer when it is done. */
self.addEventListener("message", (event) => {
  const work = async () => {
    const { keep: kept = [], forget = [] } = event.data ?? {};
    const cache = await caches.open(CACHE);
    for (const path of kept.filter((path) => PAGE.test(path))) if (!(await cache.match(path))) await fetchAndKeep(path).catch(() => {});
    for (const path of forget) await cache.delete(path);
    const there = await Promise.all(kept.map((path) => cache.match(path)));
    event.ports[0]?.postMessage({ kept: there.every(Boolean) });
  };
  event.waitUntil(work());
});

async function fetchAndKeep(path) {
  const response = await fetch(path, { credentials: "same-origin", redirect: "error", cache: "no-store" });
  if (response.ok) await put(path, response);
}

async function put(path, response) {
  const cache = await caches.open(CACHE);
  await cache.delete(path); // what is kept anew stands last: the oldest go first
  await cache.put(path, response);
  const pages = (await cache.keys()).map((request) => new URL(request.url).pathname).filter((kept) => PAGE.test(kept) && kept !== LIST);
  for (const old of pages.slice(0, -PAGES_MAX)) await cache.delete(old);
}

/** The server first. Without a line the kept page, which says of itself that it is not fresh. */
async function page(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  try {
    const response = await (kept ? inTime(fetch(request)) : fetch(request));
    if (response.ok && !response.redirected && response.type === "basic") await put(path, response.clone());
    return response;
  } catch (error) {
    if (!kept) {
      const list = await cache.match(LIST);
      if (!list) throw error;
      return stale(list);
    }
    return stale(kept);
  }
}

async function stale(kept) {
  const text = (await kept.text()).replace('data-fresh="yes"', 'data-fresh="no"');
  return new Response(text, { status: 200, headers: kept.headers });
}

async function asset(request, path) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(path);
  try {
    const response = await (kept ? inTime(fetch(request)) : fetch(request));
    if (response.ok) await cache.put(path, response.clone());
    return response.status === 304 && kept ? kept : response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

function inTime(answer) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), SLOW_MS));
  return Promise.race([answer, late]);
}
