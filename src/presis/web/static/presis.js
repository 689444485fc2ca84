// Keys, upload progress, and the finding that the address names. Every page works without this file.
(() => {
  "use strict";
  const typing = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.isContentEditable;

  const rows = () => [...document.querySelectorAll("[data-row]")];
  const move = (by) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.hasAttribute("aria-current"));
    const next = all[Math.min(all.length - 1, Math.max(0, at + by))];
    all.forEach((row) => row.removeAttribute("aria-current"));
    next.setAttribute("aria-current", "true");
    const link = next.querySelector("a");
    link.focus();
    next.scrollIntoView({ block: "nearest" });
    if (link.hasAttribute("hx-get")) link.click();
  };

  const choose = (value) => {
    const radio = document.querySelector(`.judge input[name="verdict"][value="${value}"]`);
    if (!radio) return;
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    const next = { keep: null, reclassified: "[name=oncogenicity]" }[value];
    const field = next === null ? radio : document.querySelector(`.judge ${next || "[name=why]"}`);
    if (field) field.focus();
  };

  // What is typed in review and not saved yet: it stays while one looks at other findings, and is asked
  // about before the page goes.
  const drafts = new Map();
  const nameOf = (form) => (form.elements.key ? form.elements.key.value : "");
  const keep = (event) => {
    const form = event.target.closest("form.judge");
    if (form) drafts.set(nameOf(form), Object.fromEntries(new FormData(form)));
  };
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("htmx:afterSwap", (event) => {
    const detail = event.target;
    if (detail.id !== "detail") return;
    const form = detail.querySelector("form.judge");
    const draft = form && drafts.get(nameOf(form));
    for (const name of draft ? ["verdict", "oncogenicity", "why", "text"] : []) {
      if (draft[name] !== undefined) form.elements[name].value = draft[name];
    }
    if (detail.getBoundingClientRect().top < 0) detail.scrollIntoView();
  });
  // A judgement leads to the next finding: what else is typed and not saved goes along in this tab, and is put back.
  let leaving = false;
  const place = `presis:${location.pathname.split("/").slice(0, 3).join("/")}`;
  const kept = sessionStorage.getItem(place);
  if (kept) {
    sessionStorage.removeItem(place);
    for (const [name, draft] of JSON.parse(kept)) drafts.set(name, draft);
    const whole = document.getElementById("whole");
    if (whole && drafts.has("")) whole.value = drafts.get("").whole;
  }
  window.addEventListener("beforeunload", (event) => { if (drafts.size && !leaving) event.preventDefault(); });

  // The list of keys needs this file, so its button stands there only with it.
  document.querySelectorAll("[data-opens]").forEach((each) => { each.hidden = false; });

  let before = "";
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        const form = document.activeElement.closest("form.judge");
        if (form) { event.preventDefault(); form.requestSubmit(); }
      }
      return;
    }
    if (event.key === "Escape" && typing(document.activeElement)) { document.activeElement.blur(); return; }
    if (typing(document.activeElement) && document.activeElement.type !== "radio") return;
    const to = { gr: "/requisitions", gp: "/reports", gm: "/memory" }[before + event.key];
    before = event.key === "g" ? "g" : "";
    if (to) { location.assign(to); return; }
    switch (event.key) {
      case "/": { const search = document.querySelector("input[type=search]"); if (search) { event.preventDefault(); search.focus(); } break; }
      case "j": move(1); break;
      case "k": move(-1); break;
      // the key must not be typed into the field that it leads to
      case "1": event.preventDefault(); choose("keep"); break;
      case "2": event.preventDefault(); choose("artefact"); break;
      case "3": event.preventDefault(); choose("germline"); break;
      case "4": event.preventDefault(); choose("not_relevant"); break;
      case "5": event.preventDefault(); choose("reclassified"); break;
      case "?": { const help = document.getElementById("keys"); if (help) help.showModal(); break; }
    }
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    if (event.target.closest("[data-next]")) { event.preventDefault(); move(1); document.getElementById("detail").scrollIntoView(); return; }
    const row = event.target.closest("[data-row]");
    if (row) rows().forEach((each) => each === row ? each.setAttribute("aria-current", "true") : each.removeAttribute("aria-current"));
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form.judge")) {
      drafts.delete(nameOf(form));
      leaving = true;
      if (drafts.size) sessionStorage.setItem(place, JSON.stringify([...drafts]));
    }
    if (!form.matches("[data-upload]")) return;
    event.preventDefault();
    const said = form.querySelector("[role=status]");
    const bar = form.querySelector("progress");
    const size = [...form.elements.files.files].reduce((sum, file) => sum + file.size, 0);
    if (size > Number(form.dataset.largest)) { said.textContent = form.dataset.tooLarge; return; }
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    bar.hidden = false;
    request.upload.addEventListener("progress", (sent) => {
      bar.max = sent.total; bar.value = sent.loaded;
      said.textContent = sent.loaded < sent.total ? form.dataset.sending : form.dataset.reading;
    });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.responseURL) { location.assign(request.responseURL); return; }
      document.open(); document.write(request.responseText); document.close();
    });
    request.addEventListener("error", () => { bar.hidden = true; said.textContent = form.dataset.failed; });
    request.send(new FormData(form));
  });
})();
