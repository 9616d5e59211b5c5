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
})()
