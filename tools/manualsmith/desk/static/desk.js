// What the desk's pages do by themselves: ask for parts of a page and put them in, keep what is
// typed, keys, and pointing at a manual's page. Without it every form still works.
"use strict";
(() => {
  const csrf = document.querySelector("meta[name=csrf]")?.content || "";
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // The token, and what was said once, are no part of an address that is kept or shared.
  const address = new URL(location.href);
  const once = ["token", "said", "undo"];
  if (once.some((name) => address.searchParams.has(name))) {
    for (const name of once) address.searchParams.delete(name);
    history.replaceState(null, "", address);
  }

  const begun = performance.now();
  const unanswered = (is) => {
    const told = one("[data-unsaved]");
    if (told) told.hidden = !is;
  };

  const later = (wait, work) => {
    let timer = 0;
    return (...values) => {
      clearTimeout(timer);
      timer = setTimeout(() => work(...values), wait);
    };
  };

  // Asks for a part of a page; only the last answer to one place counts.
  const asked = new WeakMap();
  async function part(url, into, options = {}) {
    const number = (asked.get(into) || 0) + 1;
    asked.set(into, number);
    let answer, text;
    try {
      answer = await fetch(url, { ...options, headers: { "X-Part": "1", "X-CSRF": csrf }, redirect: "error" });
      text = await answer.text();
    } catch {
      unanswered(true);
      return false;
    }
    if (asked.get(into) !== number || answer.status >= 500) return false;
    for (const form of all("form[data-remember]", into)) form.dispatchEvent(new Event("left"));
    into.innerHTML = text;
    wire(into);
    return answer.ok;
  }

  // Files go by another kind of form than texts.
  const fields = (form) => new URLSearchParams([...new FormData(form)].filter(([, value]) => !(value instanceof File)));
  const withFiles = (form) => {
    const files = all("input[type=file]", form).some((input) => input.files.length);
    return files ? new FormData(form) : fields(form);
  };

  // A picture that is pasted into a form, or dropped on it, is as one that was chosen.
  function picturing(form) {
    const input = one("input[type=file][name=picture]", form);
    const take = (event, given) => {
      const files = [...(given?.files || [])].filter((file) => file.type.startsWith("image/"));
      if (!files.length) return;
      event.preventDefault();
      const both = new DataTransfer();
      for (const file of [...input.files, ...files]) both.items.add(file);
      input.files = both.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    form.addEventListener("paste", (event) => take(event, event.clipboardData));
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => take(event, event.dataTransfer));
    input.addEventListener("change", () => {
      for (const shown of all(".chosen-picture", form)) shown.remove();
      for (const file of input.files) {
        const shown = document.createElement("img");
        shown.className = "chosen-picture";
        shown.alt = file.name;
        const reader = new FileReader();
        reader.onload = () => (shown.src = reader.result);
        reader.readAsDataURL(file);
        input.parentElement.after(shown);
      }
    });
  }

  // A field that offers what is meant by half a name; without script it has a plain list.
  function offering(input) {
    const into = document.createElement("span");
    into.className = "offers";
    input.removeAttribute("list");
    input.parentElement.append(into);
    const close = () => into.replaceChildren();
    const look = later(150, () => part(`${input.dataset.offers}?q=${encodeURIComponent(input.value.trim())}`, into));
    input.addEventListener("input", (event) => event.isTrusted && look());
    input.parentElement.addEventListener("focusout", (event) => {
      if (!input.parentElement.contains(event.relatedTarget)) close();
    });
    input.parentElement.addEventListener("keydown", (event) => {
      if (event.key === "Escape") close();
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [input, ...all("button", into)];
      const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
    into.addEventListener("click", (event) => {
      const chosen = event.target.closest("[data-put]");
      if (!chosen) return;
      event.preventDefault();
      input.value = chosen.dataset.put;
      const category = one("select[name$=-category]", input.closest("[role=row]") || into);
      if (category && chosen.dataset.category) category.value = chosen.dataset.category;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      close();
      input.focus();
    });
  }

  // A report that is pasted, dropped on its form or chosen is read at once.
  function reporting(form) {
    const input = one("input[type=file]", form);
    const text = one("textarea", form);
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      event.preventDefault();
      const both = new DataTransfer();
      for (const file of [...input.files, ...event.dataTransfer.files]) both.items.add(file);
      input.files = both.files;
      form.requestSubmit();
    });
    input.addEventListener("change", () => input.files.length && form.requestSubmit());
    text.addEventListener("paste", () => setTimeout(() => form.requestSubmit()));
  }

  function wire(within) {
    for (const input of all("[data-offers]", within)) offering(input);
    for (const input of all("[data-known]", within)) {
      const into = one(input.dataset.known);
      const look = later(250, () => part(`/known?q=${encodeURIComponent(input.value)}`, into));
      input.addEventListener("input", look);
      if (input.value) look();
    }
    for (const input of all("[data-try]", within)) {
      const attempt = later(300, () => {
        const worded = one("[data-worded]", input.form);
        if (worded) worded.value = "1";
        part(input.dataset.try, one(input.dataset.into), { method: "POST", body: fields(input.form) });
      });
      input.addEventListener("input", attempt);
    }
    for (const form of all("form[data-keep]", within)) keep(form, form.getAttribute("action"));
    for (const form of all("form[data-remember]", within)) keep(form, "/typed");
    for (const choice of all("select[data-open]", within)) {
      choice.addEventListener("change", () => {
        const into = one(choice.dataset.into);
        if (choice.value) part(`${choice.dataset.open}?path=${encodeURIComponent(choice.value)}`, into);
      });
    }
    for (const form of all("form[data-part]", within)) swap(form);
    for (const form of all("form[data-pictures]", within)) picturing(form);
    for (const form of all("form[data-reports]", within)) reporting(form);
    for (const choice of all("select[data-reply]", within)) {
      choice.parentElement.hidden = false;
      choice.addEventListener("change", () => {
        const text = one("textarea[name=note]", choice.form);
        text.value = text.value.trim() ? `${text.value.trimEnd()}\n${choice.value}` : choice.value;
        choice.value = "";
        text.dispatchEvent(new Event("input", { bubbles: true }));
        text.focus();
      });
    }
    for (const form of all("form.edit", within)) editing(form);
    for (const button of all("[data-empties]", within)) {
      button.addEventListener("click", () => {
        one(button.dataset.empties).replaceChildren();
        one("article.manual .pointed")?.focus();
      });
    }
    for (const article of all("article.manual", within)) pointing(article);
  }

  // A form that is kept while it is typed in.
  function keep(form, url) {
    const mark = one("[data-saved]");
    const put = (more) =>
      fetch(url, { method: "POST", body: fields(form), headers: { "X-Part": "1", "X-CSRF": csrf }, ...more });
    let fresh = false;
    const save = later(600, async () => {
      if (form.dataset.sent || !form.isConnected) return;
      try {
        const answer = await put({});
        if (answer.status === 409) return; // it was sent meanwhile
        fresh = !answer.ok;
        if (mark) mark.hidden = !answer.ok;
        unanswered(!answer.ok);
      } catch {
        if (mark) mark.hidden = true;
        unanswered(true);
      }
    });
    form.addEventListener("input", () => {
      fresh = true;
      if (mark) mark.hidden = true;
      save();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && fresh && !form.dataset.sent) put({ keepalive: true });
    });
    // a link in the menu, another step: what was typed a moment ago is kept as well
    addEventListener("pagehide", () => {
      if (fresh && !form.dataset.sent && form.isConnected) put({ keepalive: true });
    });
    form.addEventListener("left", () => {
      if (fresh) put({});
    });
  }

  // A form whose answer is a part of the page.
  function swap(form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const into = one(form.dataset.part);
      const problems = one(".problems", form);
      if (problems) problems.remove();
      const url = event.submitter?.getAttribute("formaction") || form.getAttribute("action");
      const body = withFiles(form);
      if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
      let answer, text;
      try {
        answer = await fetch(url, { method: "POST", body, headers: { "X-Part": "1", "X-CSRF": csrf } });
        text = await answer.text();
      } catch {
        unanswered(true);
        return;
      }
      if (!answer.ok && !("step" in form.dataset && answer.status === 422)) {
        form.insertAdjacentHTML("afterbegin", text);
        one(".problems", form)?.scrollIntoView({ block: "nearest" });
        return;
      }
      into.innerHTML = text;
      wire(into);
      if (form.dataset.clears) one(form.dataset.clears).replaceChildren();
      into.focus({ preventScroll: "step" in form.dataset });
      const count = one("[data-count]", into)?.dataset.count;
      const left = one("[data-left-here]");
      if (left && one("[data-left]", into)) left.textContent = one("[data-left]", into).dataset.left;
      const progress = one("[data-progress]");
      if (count && progress) {
        progress.value = Number(count);
        progress.nextElementSibling.textContent = `${count}/${progress.max}`;
        if (Number(count) === progress.max) location.reload();
      }
    });
  }

  // The form of one edit: it shows what its action needs, and the page as it would be.
  function editing(form) {
    const into = one("[data-tried]", form);
    const shots = one("input[type=file][name=picture]", form);
    const attempt = later(300, async () => {
      // a picture for the page is sent once, and named from then on
      const sent = form.elements["on-page"]?.checked ? [...shots.files] : [];
      const body = sent.length ? withFiles(form) : fields(form);
      const is = await part(into.dataset.tried, into, { method: "POST", body });
      if (!is || !sent.length || sent.length !== shots.files.length) return;
      for (const kept of all("input[name=kept-picture]", into)) form.append(kept);
      shots.value = "";
    });
    const text = one("textarea[name=text]", form);
    const show = (event) => {
      const action = form.elements.action.value;
      for (const field of all("[data-for]", form)) {
        field.hidden = !field.dataset.for.split(" ").includes(action);
      }
      if (text) {
        const replaces = (text.dataset.fills || "").split(" ").includes(action);
        if (replaces && !text.value) text.value = text.dataset.was || "";
        if (!replaces && text.value === text.dataset.was) text.value = "";
      }
    };
    show();
    const reason = form.elements.reason;
    if (!reason.value) reason.value = one("#confirmation [name=reported]")?.value || "";
    form.addEventListener("change", (event) => {
      if (event.target.name === "action") show(event);
      attempt();
    });
    form.addEventListener("input", attempt);
    const first = text && !text.closest("[hidden]") ? text : one("input[name=symptom]", form);
    if (first) {
      first.focus();
      first.select?.();
    }
  }

  // Pointing at a page: a step, a cell or a heading is clicked, words are selected.
  function pointing(article) {
    const edit = one("#edit");
    const send = async (values) => {
      const body = new URLSearchParams({ page: article.dataset.page, ...values });
      await part(`${edit.dataset.draft}/point`, edit, { method: "POST", body });
      edit.scrollIntoView({ block: "nearest" });
    };
    const headings = () => all("h1, h2, h3, h4, h5, h6", article);
    const above = (node) => {
      const before = headings().filter(
        (heading) => heading === node || heading.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING,
      );
      return before.length ? before[before.length - 1] : null;
    };
    const inSection = (selector, heading) => all(selector, article).filter((found) => above(found) === heading);
    const mark = (node) => {
      for (const marked of all(".pointed", article)) marked.classList.remove("pointed");
      node?.classList.add("pointed");
    };

    const step = (item) => {
      const way = [];
      let list = item.parentElement;
      for (let li = item; ; li = list.closest("li"), list = li.parentElement) {
        if (list.tagName !== "OL") return null;
        way.unshift([...list.children].filter((child) => child.tagName === "LI").indexOf(li) + 1);
        if (!list.parentElement.closest("li")) break;
      }
      const heading = above(list);
      const lists = inSection("ol", heading).filter((found) => !found.parentElement.closest("li, ul"));
      return {
        kind: "step",
        anchor: heading?.id || "",
        list: lists.indexOf(list) + 1,
        way: way.join("."),
        text: item.textContent,
      };
    };

    const cell = (found) => {
      const table = found.closest("table");
      const heading = above(table);
      return {
        kind: "cell",
        anchor: heading?.id || "",
        table: inSection("table", heading).indexOf(table) + 1,
        row: [...table.tBodies[0].rows].indexOf(found.parentElement) + 1,
        column: found.cellIndex + 1,
        text: found.textContent,
      };
    };

    const chosen = () => {
      const selection = getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return null;
      const range = selection.getRangeAt(0);
      if (!article.contains(range.commonAncestorContainer)) return null;
      const exact = selection.toString();
      if (!exact.trim()) return null;
      const heading = above(range.startContainer.parentElement);
      const around = (start, end) => {
        const beside = document.createRange();
        beside.setStart(...start);
        beside.setEnd(...end);
        return beside.toString();
      };
      const before = around([article, 0], [range.startContainer, range.startOffset]);
      const after = around([range.endContainer, range.endOffset], [article, article.childNodes.length]);
      return {
        kind: "words",
        anchor: heading?.id || "",
        exact,
        prefix: before.slice(-12),
        suffix: after.slice(0, 12),
      };
    };

    const act = (target) => {
      const words = chosen();
      if (words) return send(words);
      const item = target.closest("li");
      const found = target.closest("td");
      const heading = target.closest("h1, h2, h3, h4, h5, h6");
      const near = item && (!found || item.compareDocumentPosition(found) & Node.DOCUMENT_POSITION_CONTAINED_BY);
      if (found && article.contains(found) && !(near && !found)) {
        mark(found);
        return send(cell(found));
      }
      if (item && article.contains(item)) {
        const values = step(item);
        if (values) {
          mark(item);
          return send(values);
        }
      }
      if (heading) {
        mark(heading);
        return send({ kind: "section", anchor: heading.id });
      }
      const paragraph = target.closest("p");
      if (paragraph && article.contains(paragraph)) {
        mark(paragraph);
        return send({ kind: "words", anchor: above(paragraph)?.id || "", exact: paragraph.textContent });
      }
      return undefined;
    };

    article.addEventListener("click", (event) => {
      event.preventDefault();
      act(event.target);
    });
    for (const target of all("ol > li, td, h1, h2, h3, h4, h5, h6", article)) {
      target.tabIndex = 0;
      target.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== target) return;
        event.preventDefault();
        act(target);
      });
    }
  }

  let waiting = null; // the button whose reason is being typed
  // Keys: letters do what the button or link with that letter does, where nothing is being typed.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.key === "Enter" && event.target.matches("[data-reason]")) {
      event.preventDefault();
      if (waiting && event.target.value.trim()) waiting.click();
      return;
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const queue = one("[data-keys=queue]");
    if (queue && (event.key === "j" || event.key === "k")) {
      const links = all(".summary", queue);
      const at = links.indexOf(document.activeElement);
      const next = links[event.key === "j" ? at + 1 : Math.max(0, at - 1)];
      next?.focus();
      next?.scrollIntoView({ block: "nearest" });
      event.preventDefault();
      return;
    }
    if (queue && event.key === "x") {
      one("input[name=chosen]", document.activeElement.closest("li") || queue)?.click();
      return;
    }
    const target = one(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    waiting = target.dataset.needs ? target : null;
    const needed = target.dataset.needs && target.form.elements[target.dataset.needs];
    if (needed && !needed.value.trim()) {
      needed.focus();
      return;
    }
    // a key that was struck twice decides nothing that was not seen
    if (target.closest("button[data-key]") && performance.now() - begun < 500) return;
    target.click();
    if (target.tagName === "SUMMARY") one("textarea", target.parentElement)?.focus();
  });
  for (const button of all("[data-needs]")) {
    button.addEventListener("click", (event) => {
      const needed = button.form.elements[button.dataset.needs];
      if (needed.value.trim()) return;
      event.preventDefault();
      needed.focus();
    });
  }

  // What is sent to be written is sent once, however often the button is struck.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });
  addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Several of the queue: how many are ticked, and all at once.
  for (const bar of all("[data-several]")) {
    const boxes = all("input[name=chosen]", bar.form || bar.closest("form"));
    const every = one("[data-all]", bar);
    const matching = one("[name=matching]", bar);
    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      one("[data-ticked]", bar).textContent = ticked ? `${ticked} / ${boxes.length}` : "";
      every.checked = ticked === boxes.length && ticked > 0;
      for (const button of all("button", bar)) button.disabled = !ticked && !matching?.checked;
    };
    matching?.addEventListener("change", count);
    every.addEventListener("change", () => {
      for (const box of boxes) box.checked = every.checked;
      count();
    });
    for (const box of boxes) box.addEventListener("change", count);
    count();
  }

  for (const button of all("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!confirm(button.dataset.confirm)) event.preventDefault();
    });
  }

  wire(document);
})();
