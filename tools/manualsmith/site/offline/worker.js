/* Keeps what a reader opened, so that it is there without a network. It belongs to one build of
   the site: a page comes from the network wherever there is one, and from here where there is not. */
"use strict";
const SITE = /*SITE*/ {};
const SCOPE = self.registration.scope;
const PREFIX = `manualsmith ${SCOPE} `;
const PAGES = `${PREFIX}pages`;
const ASSETS = `${PREFIX}${SITE.version}`;
const MOST = {
  [PAGES]: { entries: 150, bytes: 20e6 },
  [ASSETS]: { entries: 150, bytes: 20e6 },
};
const LARGEST = 8e6; // bytes of one file
const PATIENCE = 4000; // milliseconds for the network to answer where there is a copy
const TYPES = /^(text\/(html|css|javascript|plain)|application\/(javascript|json|wasm)|image\/|font\/)/;
const HASHED = /\.[0-9a-f]{8,}\.(min\.)?\w+$/; // its name changes with what it holds
const SHELL = new Set(SITE.shell.map((path) => new URL(path, SCOPE).href));
const OFFLINE = new URL(SITE.offline, SCOPE);

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => event.waitUntil(keepOpened(event.data.opened ?? [])));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = request.url.startsWith(SCOPE) && request.method === "GET";
  if (isOurs && !request.headers.has("range")) event.respondWith(answer(event));
});

async function install() {
  await Promise.all([...SHELL].map(fetchAndKeep));
  await self.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && !(name in MOST)) await caches.delete(name);
  }
  await self.clients.claim();
}

/* What was opened before there was a worker. */
async function keepOpened(urls) {
  for (const url of urls.filter((one) => one.startsWith(SCOPE))) {
    if (!(await keptOf(keyOf(url)))) await fetchAndKeep(url).catch(() => {});
  }
}

async function fetchAndKeep(url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  await keep(keyOf(url), response);
}

async function answer(event) {
  const { request } = event;
  const key = keyOf(request.url);
  const kept = await keptOf(key);
  if (kept && HASHED.test(key)) return kept;
  // a page is asked for anew, however long the server lets it be kept
  const asked = fetch(request, isPage(key) ? { cache: "no-cache" } : {});
  const copied = asked.then((response) => {
    isLate = false;
    return keep(key, response.clone());
  });
  event.waitUntil(copied.catch(() => {}));
  try {
    const response = await (kept ? Promise.race([asked, late(key)]) : asked);
    if (response && !(kept && response.status >= 500)) return response;
  } catch {
    // no network
  }
  if (kept) return isPage(key) && key !== OFFLINE.href ? withNotice(kept) : kept;
  if (request.mode !== "navigate" || key === OFFLINE.href) return Response.error();
  return Response.redirect(`${OFFLINE.href}?from=${encodeURIComponent(request.url)}`);
}

/* Once the network was waited for in vain, what belongs to a page does not wait again. */
let isLate = false;
async function late(key) {
  await new Promise((resolve) => setTimeout(resolve, isLate && !isPage(key) ? 0 : PATIENCE));
  isLate = true;
}
const isPage = (key) => /(\/|\.html)$/.test(key);
const isPicture = (key) => /\.(png|jpe?g|webp|gif|svg|avif)$/i.test(key);
const isKeptAlways = (key) => SHELL.has(key);

function cacheOf(key) {
  return (isPage(key) || isPicture(key)) && !isKeptAlways(key) ? PAGES : ASSETS;
}

/* A page is the same whatever words are to be marked in it. */
function keyOf(address) {
  const url = new URL(address);
  url.hash = url.search = "";
  return url.href;
}

async function keptOf(key) {
  return (await caches.open(cacheOf(key))).match(key);
}

async function keep(key, response) {
  const cache = await caches.open(cacheOf(key));
  if (response.status === 404 || response.status === 410) return cache.delete(key);
  const { headers } = response;
  const isFile = response.status === 200 && response.type === "basic" && !response.redirected;
  const mayBe = TYPES.test(headers.get("content-type")) && !/no-store/.test(headers.get("cache-control"));
  if (!isFile || !mayBe) return;
  const body = await response.arrayBuffer();
  if (body.byteLength > LARGEST) return;
  const own = { "content-type": headers.get("content-type"), "x-bytes": body.byteLength };
  await cache.delete(key); // what is put last stays longest
  await cache.put(key, new Response(body, { headers: { ...own, date: new Date().toUTCString() } }));
  await trim(cache, MOST[cacheOf(key)]);
}

async function trim(cache, most) {
  let entries = 0;
  let bytes = 0;
  for (const request of (await cache.keys()).reverse()) {
    const found = await cache.match(request);
    entries += 1;
    bytes += Number(found?.headers.get("x-bytes"));
    const isOver = entries > most.entries || bytes > most.bytes;
    if (isOver && !isKeptAlways(request.url)) await cache.delete(request);
  }
}

/* A copy says that it is one, and of when. */
async function withNotice(kept) {
  const html = await kept.text();
  const day = new Date(kept.headers.get("date")).toLocaleDateString(SITE.language);
  const notice = SITE.notice.replace("DAY", day);
  const shown = html.replace(/<body\b[^>]*>/, (body) => `${body}\n${notice}`);
  return new Response(shown, { headers: { "content-type": kept.headers.get("content-type") } });
}
