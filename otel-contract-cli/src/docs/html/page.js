"use strict";
(() => {
  const search = document.getElementById("search");
  const found = document.getElementById("found");
  const nothing = document.getElementById("nothing");
  const contents = document.querySelector("nav details");
  const entries = [...document.querySelectorAll(".entry")];
  const sections = [...document.querySelectorAll("main section section")];
  const links = new Map();
  for (const link of document.querySelectorAll("nav ul ul a")) {
    links.set(decodeURIComponent(link.hash.slice(1)), link);
  }

  // All words must match, in any order.
  const matches = (entry, words) => words.every((word) => entry.dataset.words.includes(word));

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const searching = words.length > 0;
    let count = 0;
    for (const entry of entries) {
      const shown = !searching || matches(entry, words);
      entry.hidden = !shown;
      count += shown ? 1 : 0;
      const link = links.get(entry.id);
      if (link) link.parentElement.hidden = !shown;
    }
    for (const section of sections) {
      const own = [...section.querySelectorAll(".entry")];
      section.hidden = searching && !own.some((entry) => !entry.hidden);
    }
    for (const item of document.querySelectorAll("nav details > ul > li")) {
      item.hidden = searching && ![...item.querySelectorAll("li")].some((entry) => !entry.hidden);
    }
    nothing.hidden = !searching || count > 0;
    found.textContent = searching ? `${count} of ${entries.length}` : "";
  };

  const clear = () => {
    search.value = "";
    filter();
  };

  // Clears the search if it hides the target of a link.
  const reveal = () => {
    let id;
    try {
      id = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    const target = id && document.getElementById(id);
    if (!target) return;
    if (target.closest("[hidden]")) {
      clear();
      target.scrollIntoView();
    }
  };

  search.addEventListener("input", filter);
  document.getElementById("clear").addEventListener("click", () => {
    clear();
    search.focus();
  });
  window.addEventListener("hashchange", reveal);
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape" && typing) {
      clear();
      search.blur();
    } else if (event.key === "Enter" && typing) {
      const first = entries.find((entry) => !entry.hidden);
      if (first && search.value.trim()) {
        event.preventDefault();
        location.hash = encodeURI(first.id);
        first.scrollIntoView();
        first.querySelector(".anchor").focus({ preventScroll: true });
      }
    }
  });

  // Highlights the visible entry in the contents.
  let current;
  const observer = new IntersectionObserver(
    (seen) => {
      for (const entry of seen) {
        if (!entry.isIntersecting) continue;
        current?.removeAttribute("aria-current");
        current = links.get(entry.target.id);
        current?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  entries.forEach((entry) => observer.observe(entry));

  // On narrow screens, the contents are collapsed.
  const narrow = window.matchMedia("(max-width: 56rem)");
  const unfold = () => {
    contents.open = !narrow.matches;
  };
  narrow.addEventListener("change", unfold);
  unfold();
  // The search needs this script, so it is hidden without it.
  document.querySelector("search").hidden = false;
  filter();
  reveal();
})();
