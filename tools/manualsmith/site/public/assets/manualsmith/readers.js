/* The home page's search field hands what is typed to the theme's search. */
(() => {
  const field = (event) => event.target.closest?.(".ms-search input")

  function search(text) {
    const toggle = document.getElementById("__search")
    const input = document.querySelector(".md-search__input")
    if (!toggle || !input) return
    if (!toggle.checked) toggle.click()
    input.focus()
    if (!text) return
    input.value = text
    input.dispatchEvent(new Event("input", { bubbles: true }))
    input.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }))
  }

  document.addEventListener("click", (event) => field(event) && search(""))
  // before the letter is there: it goes into the theme's field, also one that is composed
  document.addEventListener("keydown", (event) => {
    const typing = event.key.length === 1 || event.key === "Process" || event.isComposing
    if (field(event) && typing && !event.ctrlKey && !event.metaKey && !event.altKey) search("")
  })
  document.addEventListener("input", (event) => {
    if (!field(event) || !event.target.value) return
    search(event.target.value)
    event.target.value = ""
  })
  document.addEventListener("submit", (event) => {
    if (!event.target.closest?.(".ms-search")) return
    event.preventDefault()
    search(event.target.querySelector("input").value)
  })
})();

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
