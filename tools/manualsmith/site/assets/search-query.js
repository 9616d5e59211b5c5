/* Runs in the search worker, before the theme's own code.

   The theme cuts a Chinese question by the words of its index, but never looks at the last
   character of a run: 無法登入 is searched for as 無法 alone, and 登入 as 登 where that character
   stands alone on some page. So the question is cut here, and each word is handed on as a run of
   its own, closed by a character that no page has, which is then the one that is passed over. */
(() => {
  const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+/g
  const CLOSE = "\u3007"
  const SETUP = 0, QUERY = 2
  const known = new Set()
  let longest = 1

  function learn({ docs }) {
    for (const { title, text, words } of docs)
      for (const run of [title, text, words ?? ""].join(" ").match(HAN) ?? []) {
        known.add(run)
        longest = Math.max(longest, run.length)
      }
  }

  /* Longest words first, none overlapping; what is in no page stays as it was typed. */
  function cut(run, limit) {
    const words = []
    let unknown = ""
    for (let at = 0; at < run.length;) {
      let size = Math.min(limit, run.length - at)
      while (size > 0 && !known.has(run.slice(at, at + size))) size--
      if (size === 0) {
        unknown += run[at++]
        continue
      }
      if (unknown) words.push(unknown)
      unknown = ""
      words.push(run.slice(at, at + size))
      at += size
    }
    return unknown ? [...words, unknown] : words
  }

  /* 無法登入 -> 無法登入 無法 登入: the whole where it is a term, and its parts where it is not. */
  function withParts(word) {
    const parts = word.length > 2 ? cut(word, word.length - 1) : []
    return parts.every(part => part.length > 1) ? [word, ...parts] : [word]
  }

  /* Half width, 臺 as 台, ⁵ as 5: the index has such words in this way beside their own. */
  function folded(query) {
    return query.normalize("NFKC").replaceAll("臺", "台")
  }

  function prepare(query) {
    return folded(query).replace(HAN, run => {
      const words = cut(run, longest).flatMap(withParts)
      return ` ${words.map(word => known.has(word) ? word + CLOSE : word).join(" ")} `
    })
  }

  self.addEventListener("message", event => {
    const { type, data } = event.data ?? {}
    if (event.prepared) return
    if (type === SETUP) learn(data)
    if (type !== QUERY || typeof data !== "string") return
    event.stopImmediatePropagation()
    const prepared = new MessageEvent("message", { data: { type, data: prepare(data) } })
    self.dispatchEvent(Object.assign(prepared, { prepared: true }))
  })
})()
