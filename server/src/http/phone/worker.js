// Keeps a person's own page for when they are offline: documents from the network first, files with
// a hash in their name from the cache first. Joining, the desk and the wall are never kept.
"use strict";

const KEPT = "sooner";
const MOST_PAGES = 3;
const ASSET = /\/sooner-phone-[0-9a-f]+(?:_bg)?\.(?:js|wasm)/g;

const isPage = (path) => /^\/v\/[^/]+$/.test(path);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && isPage(pathname)) {
    event.respondWith(page(event.request, pathname));
  } else if (pathname.match(ASSET)?.[0] === pathname) {
    event.respondWith(asset(event.request));
  }
});

// The page that brought this worker was there before it.
async function begin() {
  await self.clients.claim();
  for (const client of await self.clients.matchAll()) {
    const { pathname } = new URL(client.url);
    if (isPage(pathname)) await page(client.url, pathname);
  }
}

async function page(request, path) {
  const kept = await caches.open(KEPT);
  let answer;
  try {
    answer = await fetch(request);
  } catch (lost) {
    const old = await kept.match(path);
    if (old) return old;
    throw lost;
  }
  if (answer.ok) {
    await keep(kept, path, answer.clone());
  } else if (answer.status === 404) {
    await kept.delete(path);
  }
  return answer;
}

async function keep(kept, path, answer) {
  const assets = (await answer.clone().text()).match(ASSET) ?? [];
  await kept.delete(path);
  await kept.put(path, answer);
  const there = (await kept.keys()).map((request) => new URL(request.url).pathname);
  const pages = there.filter(isPage);
  const gone = pages.slice(0, Math.max(0, pages.length - MOST_PAGES));
  // What belongs to pages of before goes with them.
  gone.push(...there.filter((path) => !isPage(path) && !assets.includes(path)));
  await Promise.all(gone.map((path) => kept.delete(path)));
  const missing = assets.filter((path) => !there.includes(path));
  await kept.addAll([...new Set(missing)]);
}

async function asset(request) {
  const kept = await caches.open(KEPT);
  return (await kept.match(request)) ?? fetch(request);
}
