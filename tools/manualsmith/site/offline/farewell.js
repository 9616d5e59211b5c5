/* The site is no longer kept on readers' devices: takes back what an earlier build put there. */
"use strict";
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const prefix = `manualsmith ${self.registration.scope} `;
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.registration.unregister();
}
