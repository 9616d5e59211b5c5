/* The search field and its results. The index is fetched when somebody first searches. */
(() => {
  "use strict"
  const search = document.querySelector(".ms-search")
  const toggle = document.getElementById("__search")
  if (!search || !toggle) return
  const field = search.querySelector(".md-search__input")
  const told = search.querySelector(".md-search-result__meta")
  const list = search.querySelector(".md-search-result__list")
  const ways = search.querySelector(".ms-search-ways")
  const words = JSON.parse(search.dataset.words)
  const base = new URL(search.dataset.base, location)
  const index = String(new URL("search/search_index.json", base))
  let worker = null
  let isBusy = false
  let waiting = null
  let entered = false

  const make = (tag, className, ...children) => {
    const made = document.createElement(tag)
    if (className) made.className = className
    made.append(...children)
    return made
  }

  /* A question at a time: of those typed meanwhile only the last is asked. */
  function ask(question) {
    if (!worker) {
      worker = new Worker(new URL("assets/manualsmith/search-worker.js", base))
      worker.onmessage = ({ data }) => {
        isBusy = false
        if (waiting === null) answer(data)
        else ask(waiting)
      }
    }
    if (isBusy) {
      waiting = question
      return
    }
    waiting = null
    isBusy = true
    worker.postMessage({ question, index })
  }

  function asked() {
    const question = field.value.trim()
    if (question && !told.textContent) told.textContent = words.loading
    ask(question)
  }

  function answer({ question, results = [], nearest, symptoms = [], error }) {
    if (question !== field.value.trim()) return
    list.replaceChildren(...results.map(shown))
    list.closest(".md-search__scrollwrap").scrollTop = 0
    if (error) told.textContent = words.failed
    else if (!question) told.textContent = words.begin
    else if (!results.length || nearest) {
      const none = words.none.replace("{question}", question)
      told.textContent = results.length ? none + words.nearest : none
    } else told.textContent = results.length === 1 ? words.one : words.other.replace("#", results.length)
    showWays(question, error ? [] : symptoms)
    if (entered && results.length) list.querySelector("a").click()
    entered = false
  }

  function shown(result) {
    const item = make("li", "md-search-result__item", link(result, "h2"))
    if (result.more.length) {
      const count = result.more.length === 1 ? words.moreOne : words.moreOther.replace("#", result.more.length)
      const more = make("details", "md-search-result__more", make("summary", "", make("div", "", count)))
      more.append(...result.more.map(one => link(one, "h3")))
      item.append(more)
    }
    return item
  }

  function anchor(text, address) {
    const made = make("a", "", text)
    made.href = address
    made.addEventListener("click", close)
    return made
  }

  function link({ location, path, title, text, words: found }, heading) {
    const marked = parts => parts.map(([part, isFound]) => (isFound ? make("mark", "", part) : part))
    const article = make("article", "md-search-result__article md-typeset")
    if (path.length) article.append(make("p", "ms-search-path", path.join(" › ")))
    article.append(make(heading, "", ...marked(title)))
    if (text.length) article.append(make("p", "ms-search-answer", ...marked(text)))
    const made = make("a", "md-search-result__link", article)
    const address = new URL(location, base)
    if (found.length) address.searchParams.set("h", found.join(" "))
    made.href = address
    made.addEventListener("click", close)
    return made
  }

  /* No dead end: what can go wrong, who can be asked, and a report that the reader may send. */
  function showWays(question, symptoms) {
    ways.replaceChildren()
    if (symptoms.length) ways.append(make("h2", "", words.symptoms))
    for (const { title, entries } of symptoms) {
      const links = entries.map(one => make("li", "", anchor(one.title, new URL(one.location, base))))
      ways.append(make("details", "", make("summary", "", title), make("ul", "", ...links)))
    }
    if (!question) return
    if (words.contact) ways.append(make("p", "", words.contact))
    if (window.manualsmith?.hasDesk) ways.append(tellDesk(question))
    const report = words.report.replaceAll("%7Bquestion%7D", encodeURIComponent(question))
    if (report) {
      ways.append(make("p", "", anchor(words.reportIt, report)))
    } else {
      const copy = make("pre", "", words.toCopy.replaceAll("{question}", question))
      ways.append(make("details", "", make("summary", "", words.reportIt), copy))
    }
  }

  /* Counted by the desk, where the site names it, and only by this click. */
  function tellDesk(question) {
    const button = make("button", "md-button", words.tellDesk)
    button.type = "button"
    button.addEventListener("click", async () => {
      const counted = await window.manualsmith.notFound(question)
      button.replaceWith(make("p", "", counted ? words.toldDesk : words.notTold))
    })
    return make("p", "", button)
  }

  const isOpen = () => toggle.checked
  const open = () => isOpen() || toggle.click()
  const close = () => isOpen() && toggle.click()

  function openWith(question) {
    open()
    field.value = question
    field.focus()
    asked()
  }

  field.addEventListener("input", asked)
  field.addEventListener("compositionend", asked)
  field.addEventListener("focus", () => {
    open()
    asked()
  })
  toggle.addEventListener("change", () => (isOpen() ? field.focus() : field.blur()))
  search.querySelector("form").addEventListener("submit", event => {
    event.preventDefault()
    entered = true
    asked()
  })
  search.querySelector("form").addEventListener("reset", () => setTimeout(() => {
    field.focus()
    asked()
  }))
  document.addEventListener("focusin", ({ target }) => search.contains(target) || target === toggle || close())
  /* Other fields on a page, such as a home page's, ask by the same search. */
  document.addEventListener("submit", event => {
    if (!event.target.matches("form.ms-ask")) return
    event.preventDefault()
    openWith(new FormData(event.target).get("q") ?? "")
  })
  const asks = target => target.closest?.("form.ms-ask input")
  document.addEventListener("click", ({ target }) => asks(target) && openWith(""))
  // before the letter is there: it goes into the search's field, also one that is composed
  document.addEventListener("keydown", event => {
    const isLetter = event.key.length === 1 || event.key === "Process" || event.isComposing
    if (asks(event.target) && isLetter && !event.ctrlKey && !event.metaKey && !event.altKey) openWith("")
  }, true)
  document.addEventListener("input", ({ target }) => {
    if (!asks(target) || !target.value) return
    const typed = target.value
    target.value = ""
    openWith(typed)
  })

  document.addEventListener("keydown", event => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]")
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === "Escape" && isOpen()) close()
    else if (!isTyping && ["/", "s", "f"].includes(event.key)) {
      event.preventDefault()
      open()
      field.focus()
    } else if (isOpen() && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      const links = [field, ...search.querySelectorAll(".md-search__output a")].filter(one => one.checkVisibility?.() ?? true)
      const at = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)
      links.at(at % links.length).focus()
      event.preventDefault()
    }
  })

  const question = new URLSearchParams(location.search).get("q")
  if (question) openWith(question)
})()
