/* Finds the sections that answer a question: Chinese by pairs of characters, other words by their
   stems, both by the vocabulary's words for the same thing. No DOM: it runs in a worker. */
"use strict"

const HAN = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]/
const TOKENS = /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[a-z0-9]+(?:\.[a-z0-9]+)*/g
/* How much a word counts where it stands, and how much a longer text there dilutes it. */
const FIELDS = { title: [4, 0.3], keywords: [3.5, 0.2], page: [2, 0.2], called: [0.5, 0.2], intro: [0.4, 0.4], text: [1, 0.6] }
const SATURATION = 5
const SYNONYM = 0.8, PART = 0.5, INSIDE_TERM = 0.4, EDGE = 0.2, STARTED = 0.9, MISTYPED = 0.7, LONE = 0.15
/* How much more an entry of the kind that is asked for counts: trouble, or how something is done. */
const TROUBLE = 1.35, TASK = 1.15
const LATIN = 1.2, CODE = 1.8
const COVERAGE = 0.5
const EMPTY = { title: "", keywords: "", text: "" }
const PAGE = 0.25
/* Of a page and its sections, the section that is nearly as good is the answer. */
const OVERVIEW = 0.6
/* Bopomofo and tones: what is being composed is no word yet. */
const COMPOSING = /[\u02c7\u02ca\u02cb\u02d9\u3105-\u312f\u31a0-\u31bf]+/g
/* What a pasted message says of one machine and one file. Codes and fixed words stay. */
const ADDRESSES = [
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>）」]+/gi,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /(?:\b[a-z]:|\\)\\[^\s"'<>|]*/gi,
  /(?<![\w/])~?\/[^\s"'<>]+/g,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d\S*)?/gi,
  /\b\d{1,2}:\d\d(?::\d\d)?\b/g,
  /[^\s"'「」<>/\\，。：；！？]+\.(?:docx?|xlsx?|pptx?|pdf|jpe?g|png|heic|gif|mp4|mov|avi|psd|ai|dwg|zip|rar|7z|txt|csv|md|tmp|log|part)\b/gi,
]

class SearchEngine {
  constructor({ docs, simplified = "", vocabulary = {} }) {
    this.simplified = new Map()
    const pairs = [...simplified]
    for (let at = 0; at + 1 < pairs.length; at += 2) this.simplified.set(pairs[at], pairs[at + 1])
    this.traditional = new RegExp(`[${[...this.simplified.keys()].join("")}]`, "g")
    this.postings = new Map()
    this.phrases = new Map()
    this.docs = this.withPages(docs)
    this.addAll()
    this.groups = (vocabulary.same ?? []).map(words => words.map(word => this.canonical(word)))
    this.trouble = (vocabulary.trouble ?? []).map(word => this.canonical(word))
    const filler = (vocabulary.filler ?? []).map(word => this.canonical(word))
    this.filler = [...new Set(filler)].sort((a, b) => b.length - a.length)
    this.longTerms = this.termsThatMayBeMistyped()
  }

  /* One form of each letter: half width, small, Simplified (which folds 臺 and 台, too). */
  fold(text) {
    const one = text.normalize("NFKC").toLowerCase()
    return one.replace(this.traditional, char => this.simplified.get(char))
  }

  /* The words of *text*, Latin ones as stems between blanks, Chinese as it stands. */
  canonical(text) {
    const words = this.fold(text).match(TOKENS) ?? []
    return words.map(word => (HAN.test(word) ? word : ` ${stem(word)} `)).join("").replace(/ +/g, " ")
  }

  withPages(docs) {
    const pages = new Map()
    for (const doc of docs) if (!doc.location.includes("#")) pages.set(doc.location, doc)
    const folded = new Map(docs.map(doc => [doc, this.foldedOf(doc)]))
    return docs.map(doc => {
      const page = pages.get(doc.location.split("#")[0]) ?? doc
      const text = doc.text ?? ""
      const above = page === doc ? null : folded.get(page)
      return { ...doc, text, page, folded: folded.get(doc), above, isPage: page === doc, boost: page.boost ?? 1, isTrouble: page.kind === "troubleshooting" }
    })
  }

  foldedOf({ title, keywords = "", text = "" }) {
    return { title: this.fold(title), keywords: this.fold(keywords), text: this.fold(text) }
  }

  /* Each text is cut into words once, a page's for all of its sections. */
  addAll() {
    const cut = new Map()
    const cutOnce = one => {
      if (!cut.has(one)) cut.set(one, { title: runsIn(one.title), keywords: runsIn(one.keywords), text: runsIn(one.text) })
      return cut.get(one)
    }
    const fields = this.docs.map(({ folded, above }) => {
      const [own, over] = [cutOnce(folded), cutOnce(above ?? EMPTY)]
      return { title: own.title, keywords: own.keywords, page: over.title, called: over.keywords, intro: over.text, text: own.text }
    })
    const mean = {}
    for (const name of Object.keys(FIELDS))
      mean[name] = fields.reduce((sum, one) => sum + one[name].length, 0) / (fields.length || 1) || 1
    fields.forEach((one, number) => {
      for (const [name, [weight, dilution]] of Object.entries(FIELDS)) {
        const share = weight / (1 - dilution + (dilution * one[name].length) / mean[name])
        eachToken(one[name].runs, token => this.addTo(token, number, share))
      }
    })
    this.latin = [...this.postings.keys()].filter(token => !HAN.test(token))
  }

  /* Sections come in their order: what is added to one twice stands last. */
  addTo(token, number, share) {
    const list = this.postings.get(token)
    if (!list) this.postings.set(token, [number, share])
    else if (list.at(-2) === number) list[list.length - 1] += share
    else list.push(number, share)
  }

  /* Where a term of the vocabulary stands: a map from the number of a section to its count. */
  standing(term) {
    let found = this.phrases.get(term)
    if (found) return found
    const parts = term.split(" ").filter(Boolean)
    const needed = parts.flatMap(part => (HAN.test(part) ? pairsOf(part) : [part]))
    found = new Map()
    const lists = needed.map(token => toMap(this.postings.get(token)))
    const rarest = lists.reduce((a, b) => (b.size < a.size ? b : a), lists[0] ?? new Map())
    for (const number of rarest.keys()) {
      const counts = lists.map(list => list.get(number) ?? 0)
      const whole = parts.every(part => part.length < 3 || !HAN.test(part) || says(this.docs[number], part))
      if (whole && counts.every(Boolean)) found.set(number, Math.min(...counts))
    }
    this.phrases.set(term, found)
    return found
  }

  /* Of three characters only the site's own terms: with one of them wrong much looks alike. */
  termsThatMayBeMistyped() {
    const terms = new Set(this.groups.flat().filter(term => term.length > 3))
    for (const doc of this.docs) {
      for (const run of `${doc.folded.title} ${doc.folded.keywords}`.match(TOKENS) ?? []) terms.add(run)
      for (const quoted of doc.text.match(/「[^」\s]{3,8}」/g) ?? []) terms.add(this.fold(quoted.slice(1, -1)))
    }
    return [...terms].filter(term => term.length >= 3 && term.length <= 8 && [...term].every(char => HAN.test(char)))
  }

  search(question, most = 10) {
    const query = this.read(question)
    if (!query.units.length) return { results: [], nearest: false }
    const results = this.ranked(query, most)
    if (results.length || !query.text.trim()) return { results, nearest: false }
    const loose = { ...query, units: this.looseUnits(query.text) }
    return { results: this.ranked(loose, 3), nearest: true }
  }

  /* What is asked: units, each with the terms that stand for it and how much each counts. */
  read(question) {
    const plain = withoutAddresses(question.replace(COMPOSING, " "))
    const text = this.canonical(plain)
    const spaced = this.fold(plain)
    const rest = this.withoutFiller(spaced)
    const terms = this.termsIn(text, rest)
    const covered = terms.map(({ literal }) => literal).filter(Boolean)
    const units = terms.map(({ options }) => ({ options }))
    for (const token of rest.match(TOKENS) ?? [])
      units.push(...(HAN.test(token) ? this.pairUnits(token, covered) : this.wordUnits(token, covered)))
    return { text, units, isTrouble: this.trouble.some(word => text.includes(word)) }
  }

  /* The groups that a question names, by a word as it is written or by one that was mistyped. */
  termsIn(text, rest) {
    const found = []
    const near = this.mistypedIn(rest, text)
    for (const group of this.groups) {
      const literals = group.filter(term => text.includes(term) || isBegun(term, text))
      const guessed = literals.length ? [] : group.filter(term => near.has(term))
      if (!literals.length && !guessed.length) continue
      const written = literals.map(term => (text.includes(term) ? term : term.slice(0, -1)))
      const literal = written.reduce((a, b) => (b.length > a.length ? b : a), "")
      found.push({ literal, group, weigh: term => (literals.includes(term) ? 1 : SYNONYM) * (guessed.length ? MISTYPED : 1) })
    }
    for (const one of found) {
      const isPart = found.some(other => other.literal.length > one.literal.length && other.literal.includes(one.literal))
      const alike = found.filter(other => one.literal && other.literal === one.literal).length || 1
      const share = (one.literal && isPart ? PART : 1) / Math.sqrt(alike)
      one.options = one.group.map(term => [term, one.weigh(term) * share])
    }
    const grouped = new Set(this.groups.flat())
    for (const term of near) if (!grouped.has(term)) found.push({ literal: "", options: [[term, MISTYPED]] })
    return found
  }

  /* Terms that a question has but for one character: wrong, missing, too many or out of place. */
  mistypedIn(rest, text) {
    const near = new Set()
    for (const run of rest.match(TOKENS) ?? []) {
      if (!HAN.test(run) || run.length < 2) continue
      const dead = pairsOf(run).map(pair => !this.postings.has(pair))
      if (!dead.includes(true)) continue
      for (const term of this.longTerms)
        if (!text.includes(term) && nearIn(run, term, dead)) near.add(term)
    }
    return near
  }

  withoutFiller(text) {
    for (const word of this.filler)
      text = word.startsWith(" ")
        ? text.replace(/[a-z0-9.]+/g, one => (` ${stem(one)} ` === word ? " " : one))
        : text.replaceAll(word, " ")
    return text
  }

  pairUnits(run, covered) {
    if (run.length === 1) return [{ options: [[run, LONE]] }]
    const within = new Set(), touched = new Set()
    for (const term of covered)
      for (let at = run.indexOf(term); at >= 0; at = run.indexOf(term, at + 1))
        for (let one = at; one < at + term.length; one++) {
          touched.add(one)
          if (one + 1 < at + term.length) within.add(one)
        }
    return pairsOf(run).map((pair, at) => {
      const isEdge = touched.has(at) || touched.has(at + 1)
      return { options: [[pair, within.has(at) ? INSIDE_TERM : isEdge ? EDGE : 1]] }
    })
  }

  wordUnits(word, covered) {
    const parts = word.includes(".") ? [word, ...word.split(".")] : [word]
    return parts.map(part => {
      const base = stem(part)
      const weight = (/\d/.test(part) ? CODE : LATIN) * (covered.some(term => term.includes(` ${base} `)) ? INSIDE_TERM : 1)
      return { options: this.spellings(base).map(([token, share]) => [token, share * weight]) }
    })
  }

  /* The words of the site that a Latin word may be: itself, those that it begins, those near it. */
  spellings(word) {
    const options = this.postings.has(word) ? [[word, 1]] : []
    if (word.length > 2)
      for (const token of /^\d+$/.test(word) ? [] : this.latin)
        if (token !== word && token.startsWith(word)) options.push([token, STARTED])
    if (!options.length && word.length > 3 && /[a-z]/.test(word))
      for (const token of this.latin)
        if (distanceWithin(word, token, word.length > 7 ? 2 : 1)) options.push([token, MISTYPED])
    return options
  }

  looseUnits(text) {
    const units = []
    for (const token of text.match(TOKENS) ?? []) {
      if (HAN.test(token)) units.push(...[...token].map(char => ({ options: [[char, 1]] })))
      else if (token.length > 2)
        units.push({ options: this.latin.filter(one => distanceWithin(token, one, 2)).map(one => [one, 1]) })
    }
    return units
  }

  /* The sections by how well they answer, those of a page beneath its best. */
  ranked(query, most) {
    const scores = this.scores(query)
    const pages = new Map()
    for (const [number, score] of [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0])) {
      const doc = this.docs[number]
      const page = pages.get(doc.page) ?? { sections: [] }
      page.sections.push({ number, score: doc.isPage ? score * OVERVIEW : score })
      pages.set(doc.page, page)
    }
    const best = [...pages.values()].slice(0, most)
    const words = new Map()
    for (const { options } of query.units)
      for (const [term, weight] of options) words.set(term, Math.max(words.get(term) ?? 0, weight * this.rarity(this.standing(term).size)))
    return best.map(({ sections }) => {
      sections.sort((a, b) => b.score - a.score)
      const [first, ...more] = sections.map(({ number, score }) => ({ ...this.shown(number, words), score }))
      return { ...first, more: more.filter(one => one.score > first.score * 0.35).slice(0, 4) }
    })
  }

  /* What can go wrong, page by page: the entries of the troubleshooting manuals. */
  symptoms() {
    const pages = new Map()
    for (const { page, isTrouble, title, location } of this.docs)
      if (isTrouble && location.includes("#"))
        pages.set(page, [...(pages.get(page) ?? []), { title, location }])
    return [...pages].map(([page, entries]) => ({ title: page.title, entries }))
  }

  rarity(size) {
    return size ? Math.log(1 + (this.docs.length - size + 0.5) / (size + 0.5)) : 0
  }

  scores({ units, isTrouble }) {
    const scores = new Map(), covered = new Map()
    let whole = 0
    for (const { options } of units) {
      const counts = new Map()
      for (const [term, weight] of options)
        for (const [number, count] of this.standing(term)) {
          const value = (weight * count * (SATURATION + 1)) / (SATURATION + count)
          counts.set(number, Math.max(counts.get(number) ?? 0, value))
        }
      const rarity = this.rarity(counts.size)
      const weight = rarity * Math.max(...options.map(option => option[1]), 0)
      whole += weight
      for (const [number, value] of counts) {
        scores.set(number, (scores.get(number) ?? 0) + rarity * value)
        covered.set(number, (covered.get(number) ?? 0) + weight)
      }
    }
    this.shareWithPage(scores)
    for (const [number, score] of scores) {
      const doc = this.docs[number]
      const kind = isTrouble === doc.isTrouble ? (isTrouble ? TROUBLE : TASK) : 1
      scores.set(number, score * doc.boost * kind * (covered.get(number) / whole) ** COVERAGE)
    }
    return scores
  }

  /* A section counts more on a page that answers in other sections, too. */
  shareWithPage(scores) {
    const best = new Map()
    for (const [number, score] of scores) {
      const { page } = this.docs[number]
      best.set(page, (best.get(page) ?? 0) + score)
    }
    for (const [number, score] of scores) {
      const others = best.get(this.docs[number].page) - score
      scores.set(number, score + PAGE * score * others / (score + others))
    }
  }

  /* A section as a result: its way, the sentence that answers, and the words to mark. */
  shown(number, words) {
    const doc = this.docs[number]
    const lines = doc.text.split("\n").flatMap(line => line.match(/[^。！？]+[。！？]?/g) ?? [])
    let best = null
    for (const line of lines) {
      const found = this.spans(line, words)
      if (!best || found.score > best.score) best = { line, ...found }
    }
    const title = this.spans(doc.title, words)
    const marked = new Set([...(best?.spans ?? []), ...title.spans].map(one => one.word))
    for (const line of lines) for (const one of this.spans(line, words).spans) if (marked.size < 12) marked.add(one.word)
    return {
      location: doc.location,
      path: [...(doc.page.path ?? []), ...(doc.isPage ? [] : [doc.page.title])],
      title: pieces(doc.title, title.spans),
      text: best ? pieces(best.line, best.spans) : [],
      words: [...marked],
    }
  }

  /* Where *words* stand in a line, as ranges that do not overlap, and what they count together. */
  spans(line, words) {
    const chars = [...line]
    const folded = chars.map(char => this.fold(char))
    const text = folded.join("")
    const origin = folded.flatMap((fold, at) => [...fold].map(() => at))
    const marks = new Array(chars.length).fill(false)
    let score = 0
    for (const [term, weight] of words) {
      let found = false
      for (const part of term.split(" ").filter(Boolean)) {
        const isHan = HAN.test(part)
        if (isHan && part.length < 2) continue
        for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
          if (!isHan && /[a-z0-9]/.test(text[at - 1] ?? "")) continue
          let end = at + part.length
          if (!isHan) while (/[a-z0-9]/.test(text[end] ?? "")) end++
          if (!isHan && stem(text.slice(at, end)) !== part) continue
          for (let one = at; one < end; one++) marks[origin[one]] = true
          found = true
        }
      }
      if (found) score += weight
    }
    const spans = []
    for (let at = 0; at < chars.length; at++) {
      if (!marks[at]) continue
      const from = at
      while (marks[at]) at++
      spans.push({ from, to: at, word: chars.slice(from, at).join("") })
    }
    return { spans, score: score / (1 + chars.length / 200) }
  }
}

function says({ folded, above }, words) {
  return [folded.title, folded.keywords, folded.text, above?.title, above?.text].some(text => text?.includes(words))
}

/* A text is kept in its runs of one kind, and each of their tokens is made where it is needed. */
function runsIn(folded) {
  const runs = folded.match(TOKENS) ?? []
  let length = 0
  for (const run of runs) length += HAN.test(run) ? 2 * run.length - 1 : run.includes(".") ? 1 + run.split(".").length : 1
  return { runs, length }
}

function eachToken(runs, use) {
  for (const run of runs) {
    if (HAN.test(run)) {
      for (let at = 0; at < run.length; at++) {
        use(run[at])
        if (at) use(run.slice(at - 1, at + 1))
      }
    } else {
      use(stem(run))
      if (run.includes(".")) run.split(".").forEach(part => use(stem(part)))
    }
  }
}

function pairsOf(run) {
  if (run.length < 2) return [run]
  return Array.from({ length: run.length - 1 }, (_, at) => run.slice(at, at + 2))
}

/* deleted, deletes, deleting, delete -> delet; what is short or has figures stays. */
function stem(word) {
  if (word.length < 4 || /\d/.test(word)) return word
  const base = word.replace(/(?:ings?|ed|es|s)$/, "").replace(/e$/, "")
  return base.length > 2 ? base : word
}

/* While it is being typed a term lacks its last character. */
function isBegun(term, text) {
  return term.length > 3 && HAN.test(term.at(-1)) && text.endsWith(term.slice(0, -1))
}

function toMap(list = []) {
  const map = new Map()
  for (let at = 0; at < list.length; at += 2) map.set(list[at], list[at + 1])
  return map
}

function withoutAddresses(text) {
  const rest = ADDRESSES.reduce((left, shape) => left.replace(shape, " "), text)
  return /[\p{L}\d]/u.test(rest) ? rest : text
}

function pieces(text, spans) {
  const chars = [...text]
  const found = []
  let at = 0
  for (const { from, to } of spans) {
    if (from > at) found.push([chars.slice(at, from).join(""), false])
    found.push([chars.slice(from, to).join(""), true])
    at = to
  }
  if (at < chars.length) found.push([chars.slice(at).join(""), false])
  return found
}

/* Whether *run* has *term* with one slip, over a pair of characters that no page has. */
function nearIn(run, term, dead) {
  for (const size of [term.length, term.length - 1, term.length + 1]) {
    if (size < 2) continue
    for (let at = 0; at + size <= run.length; at++) {
      const part = run.slice(at, at + size)
      const begins = part[0] === term[0]
      if (!begins && (term.length < 5 || part.at(-1) !== term.at(-1))) continue
      if (dead.slice(at, at + size - 1).includes(true) && distanceWithin(part, term, 1)) return true
    }
  }
  return false
}

/* Whether *a* becomes *b* in at most *most* slips: one character changed, missing, added, swapped. */
function distanceWithin(a, b, most) {
  if (Math.abs(a.length - b.length) > most) return false
  let before = [], row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) next[j] = Math.min(next[j], before[j - 2] + 1)
    }
    if (Math.min(...next) > most) return false
    before = row
    row = next
  }
  return row[b.length] <= most
}
