/* Beside a heading: open the text to copy, with the heading's name in it. */
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a.ms-report");
  const report = document.querySelector("details.ms-report-text");
  if (!link || !report) return;
  const code = report.querySelector("code");
  report.dataset.text ??= code.textContent;
  const lines = report.dataset.text.split("\n");
  lines[1] += link.dataset.heading;
  code.textContent = lines.join("\n");
  report.open = true;
});
