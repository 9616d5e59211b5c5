/* Holds the index, and answers questions: {question} in, {question, results, nearest} out. */
"use strict"
importScripts("search-engine.js")

let engine = null

self.onmessage = async ({ data }) => {
  try {
    engine ??= fetch(data.index).then(found => {
      if (!found.ok) throw new Error(`${found.status} ${data.index}`)
      return found.json()
    }).then(index => new SearchEngine(index))
    const ready = await engine
    const { results, nearest } = ready.search(data.question)
    const symptoms = results.length && !nearest ? [] : ready.symptoms()
    self.postMessage({ question: data.question, results, nearest, symptoms })
  } catch (error) {
    engine = null
    self.postMessage({ question: data.question, error: String(error) })
  }
}
