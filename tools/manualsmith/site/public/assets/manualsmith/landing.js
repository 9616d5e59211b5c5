/* Where a link leads is opened and in view: its tab chosen, its block unfolded, the words marked. */
(() => {
  "use strict"
  const MARK = "ms-found"

  function arrive() {
    const article = document.querySelector(".md-content__inner")
    if (!article) return
    const address = new URL(location)
    const words = (address.searchParams.get("h") ?? "").split(" ").filter(Boolean)
    const target = address.hash ? document.getElementById(decodeURIComponent(address.hash.slice(1))) : null
    if (target) openAround(target)
    if (!words.length) return
    const blocks = target ? beneath(target, article) : [...article.children]
    const marks = blocks.flatMap(block => mark(block, words))
    openBest(marks)
    address.searchParams.delete("h")  // a link that is copied from here is the page's own
    history.replaceState(history.state, "", address)
    const first = target ?? marks.find(one => one.checkVisibility?.() ?? true)
    requestAnimationFrame(() => first?.scrollIntoView({ block: target ? "start" : "center" }))
  }

  /* The section of a heading: it, and what follows up to the next one of its level. */
  function beneath(target, article) {
    let top = target
    while (top.parentElement !== article && !/^H[1-6]$/.test(top.tagName) && top.parentElement) top = top.parentElement
    if (!/^H[1-6]$/.test(top.tagName)) return [top]
    const found = [top]
    const ends = other => /^H[1-6]$/.test(other.tagName) && other.tagName <= top.tagName
    for (let next = top.nextElementSibling; next && !ends(next); next = next.nextElementSibling) found.push(next)
    return found
  }

  function mark(block, words) {
    const shape = words.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).sort((a, b) => b.length - a.length)
    const search = new RegExp(shape.join("|"), "gi")
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT)
    const texts = []
    while (walker.nextNode())
      if (!walker.currentNode.parentElement.closest("script, style, .headerlink, .ms-report-line, [data-search-exclude]")) texts.push(walker.currentNode)
    return texts.flatMap(text => {
      const found = [...text.data.matchAll(search)]
      return found.reverse().map(({ index, 0: word }) => {
        const rest = text.splitText(index)
        rest.splitText(word.length)
        const made = document.createElement("mark")
        made.className = MARK
        rest.replaceWith(made)
        made.append(rest)
        return made
      }).reverse()
    })
  }

  function openAround(one) {
    for (let up = one; up; up = up.parentElement) {
      if (up.tagName === "DETAILS") up.open = true
      if (up.matches(".tabbed-block")) choose(up)
    }
  }

  function choose(block) {
    const set = block.closest(".tabbed-set")
    const inputs = [...set.children].filter(child => child.matches("input"))
    inputs[[...block.parentElement.children].indexOf(block)]?.click()
  }

  /* Of tabs the one with most of the words, where the one that shows has fewer; all that unfolds. */
  function openBest(marks) {
    const counts = new Map()
    for (const one of marks) {
      for (let up = one; up; up = up.parentElement) {
        if (up.tagName === "DETAILS") up.open = true
        if (up.matches(".tabbed-block")) counts.set(up, (counts.get(up) ?? new Set()).add(one.textContent.toLowerCase()))
      }
    }
    const sets = new Set([...counts.keys()].map(block => block.parentElement))
    for (const set of sets) {
      const count = block => counts.get(block)?.size ?? 0
      const blocks = [...set.children]
      const best = blocks.reduce((a, b) => (count(b) > count(a) ? b : a))
      const showing = blocks.find(block => block.checkVisibility?.() ?? true) ?? blocks[0]
      if (count(best) > count(showing)) choose(best)
    }
  }

  window.addEventListener("hashchange", arrive)
  if (window.document$) window.document$.subscribe(arrive)
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrive)
  else arrive()
})()
