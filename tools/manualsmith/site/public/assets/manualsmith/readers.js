/* A heading's link is copied; a picture is shown large. */
(() => {
  const said = () => JSON.parse(document.getElementById("__config")?.textContent || "{}").translations

  function tell(text) {
    document.querySelector(".ms-told")?.remove()
    const told = document.createElement("div")
    told.className = "ms-told"
    told.setAttribute("role", "status")
    document.body.append(told)
    // said after it is there, so that it is read out
    requestAnimationFrame(() => (told.textContent = text))
    setTimeout(() => told.remove(), 4000)
  }

  function enlarge(link) {
    const image = link.querySelector("img")
    const dialog = document.createElement("dialog")
    dialog.className = "ms-large"
    dialog.setAttribute("aria-label", image.alt || link.getAttribute("aria-label"))
    const large = new Image()
    large.src = link.href
    large.alt = image.alt
    const close = document.createElement("button")
    close.textContent = "×"
    close.setAttribute("aria-label", link.dataset.close)
    dialog.append(close, large)
    dialog.addEventListener("click", () => dialog.close())
    dialog.addEventListener("close", () => dialog.remove())
    document.body.append(dialog)
    dialog.showModal()
  }

  document.addEventListener("click", (event) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0
    const heading = event.target.closest?.("a.headerlink")
    if (heading) {
      const copied = said()?.["clipboard.copied"]
      navigator.clipboard?.writeText(heading.href).then(() => tell(copied), () => {})
    }
    const picture = event.target.closest?.("a.ms-enlarge")
    if (picture && plain && window.HTMLDialogElement) {
      event.preventDefault()
      enlarge(picture)
    }
  })
})();

/* Was this of help? Nothing is sent but by a click, and only where the site names its desk. */
(() => {
  const desk = () => document.querySelector("meta[name=manualsmith-desk]")?.content

  /* Send fields to the desk; true where it has counted them. */
  async function send(fields) {
    if (!desk()) return false
    try {
      const answer = await fetch(`${desk()}/from-readers`, {
        method: "POST",
        body: new URLSearchParams(fields),
        credentials: "omit",
        referrerPolicy: "no-referrer",
        keepalive: true,
      })
      return answer.ok
    } catch {
      return false
    }
  }

  /* For the search: whether there is a desk, and what it is told that nothing was found for. */
  window.manualsmith = {
    get hasDesk() {
      return Boolean(desk())
    },
    notFound: (words) => send({ searched: words.trim().slice(0, 80) }),
  }

  /* The link beside the heading that the address names: it has that heading in its report. */
  function reportOfHeading() {
    const name = decodeURIComponent(location.hash.slice(1))
    const line = name && document.getElementById(name)?.nextElementSibling
    return line?.querySelector?.("a.ms-report")
  }

  function answered(asked, answer) {
    const { page, thanks } = asked.dataset
    send({ page, answer })
    const told = document.createElement("p")
    told.setAttribute("role", "status")
    asked.append(told)
    asked.querySelectorAll("[data-answer]").forEach((one) => one.remove())
    requestAnimationFrame(() => (told.textContent = thanks))
  }

  document.addEventListener("click", (event) => {
    const chosen = event.target.closest?.(".ms-helpful [data-answer]")
    if (!chosen) return
    if (chosen.dataset.answer === "no") {
      const beside = reportOfHeading()
      const text = document.querySelector("details.ms-report-text")
      if (beside && text) beside.click()
      else if (beside) chosen.href = beside.href
      if (text) text.open = true
    }
    // after the click has led to where it leads
    setTimeout(() => answered(chosen.closest(".ms-helpful"), chosen.dataset.answer))
  })
})();
