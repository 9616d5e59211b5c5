/* The ledger's tables: a click on a heading sorts, a word in the field filters. */
document.querySelectorAll("table.ms-ledger").forEach(table => {
  const body = table.tBodies[0]
  const rows = [...body.rows]
  const fold = text => text.normalize("NFKC").replaceAll("臺", "台").toLowerCase()
  const texts = new Map(rows.map(row => [row, fold(row.textContent)]))

  const field = document.createElement("input")
  field.type = "search"
  field.className = "ms-filter"
  field.placeholder = table.dataset.filter
  field.setAttribute("aria-label", table.dataset.filter)
  const told = document.createElement("p")
  told.setAttribute("role", "status")
  const frame = table.closest(".md-typeset__scrollwrap") ?? table
  frame.before(field, told)
  field.addEventListener("input", () => {
    const words = fold(field.value).split(/\s+/)
    let shown = 0
    rows.forEach(row => {
      row.hidden = !words.every(word => texts.get(row).includes(word))
      shown += !row.hidden
    })
    told.textContent = shown ? `${shown} / ${rows.length}` : table.dataset.none
  })

  ;[...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button")
    button.type = "button"
    button.append(...head.childNodes)
    head.append(button)
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending"
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort")
      head.setAttribute("aria-sort", down ? "descending" : "ascending")
      const text = row => row.cells[column].textContent
      rows.sort((a, b) => text(a).localeCompare(text(b), undefined, { numeric: true }))
      body.append(...(down ? rows.reverse() : rows))
    })
  })
})
