/* How a place stands today: confirmed until the day that its line names, due from the next day on.
   The page is the same on whatever day it was built, or kept on this device. */
(() => {
  const today = () => {
    const now = new Date()
    const two = (number) => String(number).padStart(2, "0")
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
  }

  function tell() {
    for (const line of document.querySelectorAll(".ms-standing[data-until]")) {
      const over = today() > line.dataset.until
      line.dataset.standing = over ? "due" : "confirmed"
      const then = line.querySelector("span")
      if (over && then) then.textContent = line.dataset.over
    }
  }

  if (window.document$) window.document$.subscribe(tell)
  else addEventListener("DOMContentLoaded", tell)
})();
