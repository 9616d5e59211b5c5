/* Has the site be kept on this device, and says on its page for no network what is there. */
(() => {
  const site = new URL("../../", document.currentScript.src);
  const worker = navigator.serviceWorker;
  const wasThere = Boolean(worker?.controller);
  const LONGEST_PAUSE = 30_000; // milliseconds

  async function begin() {
    await worker.register(new URL("manualsmith-worker.js", site));
    const { active } = await worker.ready;
    const files = performance.getEntriesByType("resource").map((one) => one.name);
    if (!wasThere) active.postMessage({ opened: [location.href, ...files] });
  }

  async function showKept(list) {
    const cache = await caches.open(`manualsmith ${site.href} pages`);
    for (const request of (await cache.keys()).reverse()) {
      if (!/(\/|\.html)$/.test(request.url)) continue;
      const html = await (await cache.match(request)).text();
      const page = new DOMParser().parseFromString(html, "text/html");
      const link = document.createElement("a");
      link.href = request.url;
      link.textContent = page.title.replace(` - ${list.dataset.site}`, "");
      list.appendChild(document.createElement("li")).append(link);
    }
    list.parentElement.hidden = !list.children.length;
  }

  function offerAgain(link) {
    const from = new URLSearchParams(location.search).get("from");
    const wanted = from && URL.canParse(from) ? new URL(from) : null;
    if (!wanted?.href.startsWith(site.href)) return;
    link.href = wanted.href;
    link.parentElement.hidden = false;
    openOnceThere(wanted.href);
  }

  /* A network that is back may carry nothing yet: it is tried, ever more seldom, until it does. */
  async function openOnceThere(address) {
    for (let pause = 500; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      await Promise.race([
        new Promise((resolve) => setTimeout(resolve, pause)),
        new Promise((resolve) => addEventListener("online", resolve, { once: true })),
      ]);
      if (!navigator.onLine) continue;
      const isThere = await fetch(address, { cache: "no-store" }).then(() => true, () => false);
      if (isThere) return location.replace(address);
    }
  }

  if (!worker) return;
  addEventListener("load", () => begin().catch(() => {}));
  const list = document.querySelector(".ms-kept-pages ul");
  if (list) showKept(list);
  const again = document.querySelector(".ms-try-again a");
  if (again) offerAgain(again);
})();
