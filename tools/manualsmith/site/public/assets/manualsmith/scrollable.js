/* Code and tables that are wider than the screen are scrolled by keyboard, too: where one is, it
   can be focused, and is named by the heading that it stands under. */
(() => {
  const WIDE = "pre, pre > code, .md-typeset__scrollwrap, .wy-table-responsive";

  function headingOf(one) {
    const all = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const before = (heading) =>
      heading.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
    const found = all.filter(before).pop();
    return found?.firstChild?.textContent.trim() || document.title;
  }

  function update(one) {
    const scrolls = /auto|scroll/.test(getComputedStyle(one).overflowX);
    const isWide = scrolls && one.scrollWidth > one.clientWidth;
    if (isWide === one.hasAttribute("data-ms-wide")) return;
    one.toggleAttribute("data-ms-wide", isWide);
    const values = { tabindex: "0", role: "group", "aria-label": headingOf(one) };
    for (const [name, value] of Object.entries(values)) {
      if (isWide) one.setAttribute(name, value);
      else one.removeAttribute(name);
    }
  }

  const sizes = new ResizeObserver((all) => all.forEach((each) => update(each.target)));
  const watch = () => document.querySelectorAll(WIDE).forEach((one) => sizes.observe(one));
  addEventListener("load", watch);
  // Material shows the next page in this one, and puts tables into frames of their own
  window.document$?.subscribe(() => setTimeout(watch));
})();
