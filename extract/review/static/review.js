// Keys for what buttons and links do; without this script everything works by mouse and by tab.
"use strict";
(() => {
  const by = (selector) => document.querySelector(selector);
  const rows = [...document.querySelectorAll("[data-row]")];
  let at = -1;

  const go = (step) => {
    if (!rows.length) return false;
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows.forEach((row, n) => row.classList.toggle("here", n === at));
    rows[at].querySelector("a").focus();
    rows[at].scrollIntoView({ block: "nearest" });
    return true;
  };
  const press = (name) => {
    const found = by(`[data-key="${name}"]`);
    if (!found || found.disabled) return false;
    if (found.matches("input, select, textarea")) {
      found.focus();
      found.select?.();
    } else found.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = event.target.closest("input, select, textarea");
    if (inside) {
      if (event.key === "Escape") inside.blur();
      return;
    }
    const done =
      event.key === "j" ? go(1) || press("j")
      : event.key === "k" ? go(-1) || press("k")
      : /^[acpuqdz/]$/.test(event.key) ? press(event.key)
      : false;
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-does]");
    if (!button) return;
    if (button.dataset.does === "zoom") {
      const near = by(".pages").classList.toggle("near");
      button.setAttribute("aria-pressed", String(near));
      show();
    } else if (button.dataset.does === "copy") {
      const line = document.getElementById(button.dataset.of);
      navigator.clipboard.writeText(line.textContent).then(() => {
        button.textContent = button.dataset.done;
      }, () => {
        getSelection().selectAllChildren(line);
      });
    }
  });

  // The cell in doubt is what one came for.
  const show = () => {
    const box = by(".pages svg rect");
    const frame = box?.closest(".frame");
    if (!frame) return;
    const cell = box.getBoundingClientRect(), view = frame.getBoundingClientRect();
    frame.scrollBy(cell.left - view.left - view.width / 2, cell.top - view.top - view.height / 2);
  };
  show();
  const doubt = by(".near-form td.doubt");
  if (doubt) {
    const frame = doubt.closest(".frame");
    frame.scrollTop = doubt.offsetTop - frame.clientHeight / 2;
    frame.scrollLeft = doubt.offsetLeft - frame.clientWidth / 2;
  }
})();
