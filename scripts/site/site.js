// What the pages do where scripts run: search, and figures to touch. Works from a folder: scripts are loaded, never
// data.
(() => {
  const { base } = document.body.dataset;
  const loads = new Map();
  const load = (name) => {
    if (!loads.has(name))
      loads.set(name, new Promise((done, failed) => {
        const script = document.createElement("script");
        Object.assign(script, { src: base + name, onload: done, onerror: failed });
        document.head.append(script);
      }));
    return loads.get(name);
  };

  const input = document.getElementById("search");
  const found = document.getElementById("found");
  const count = document.getElementById("found-count");
  let engine;
  async function prepare() {
    await Promise.all([load("minisearch.js"), load("search-index.js")]);
    if (engine) return;
    engine = new MiniSearch({
      fields: ["title", "page", "text"],
      storeFields: ["title", "page", "url"],
      searchOptions: { boost: { title: 3, page: 1.5 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
    });
    engine.addAll(window.searchIndex.map((entry, id) => ({ id, ...entry })));
  }
  async function search() {
    const words = input.value.trim();
    if (words) await prepare();
    if (words !== input.value.trim()) return;
    const results = words ? engine.search(words).slice(0, 20) : [];
    found.replaceChildren(...results.map(({ title, page, url }) => {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: base + url, textContent: title });
      link.append(Object.assign(document.createElement("small"), { textContent: page }));
      item.append(link);
      return item;
    }));
    if (words && !results.length)
      found.append(Object.assign(document.createElement("li"), { textContent: "Nothing found" }));
    found.hidden = !words;
    count.textContent = words ? `${results.length} results` : "";
  }
  input.addEventListener("focus", prepare);
  input.addEventListener("input", search);
  document.querySelector(".search").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      found.hidden = true;
      input.focus();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...found.querySelectorAll("a")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".search")) found.hidden = true;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.closest("input, textarea")) return;
    event.preventDefault();
    input.focus();
  });

  /** A title in lines of at most so many letters. */
  const inLines = (text, letters) => text.split(" ").reduce((lines, word) => {
    const last = lines[lines.length - 1];
    return last && `${last} ${word}`.length <= letters ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);

  /**
   * A figure's layout for a narrow screen: the title in several lines, the legend above the plot, and a plot that keeps
   * its height where its shape carries no meaning. Pictures keep their shape.
   */
  function narrowed(layout, width) {
    if (layout.images?.length) {
      const { t = 0, b = 0, l = 0, r = 0 } = layout.margin;
      const share = (width - l - r) / (layout.width - l - r);
      return { ...layout, width, height: t + b + share * (layout.height - t - b),
        annotations: layout.annotations?.map((note) => ({ ...note, font: { ...note.font, size: 9 } })) };
    }
    const letters = Math.floor(width / 9);
    const wrapped = (title) => (title?.text ? { ...title, text: inLines(title.text, letters).join("<br>") } : title);
    const lines = layout.title?.text ? inLines(layout.title.text, letters).length : 0;
    const top = 16 + 22 * lines;
    const { l = 60, b = 56 } = layout.margin ?? {};
    const plot = Math.min(layout.height, width) - 40;
    return {
      ...layout, width, height: top + plot + b, title: layout.title && { ...wrapped(layout.title), y: undefined,
        yref: "container", pad: { t: 8 } },
      font: { ...layout.font, size: 11 },
      margin: { ...layout.margin, l: Math.min(l, width / 3), r: 12, t: top, b },
      legend: { ...layout.legend, orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
      sliders: layout.sliders?.map((slider) => ({ ...slider, steps: slider.steps.map((step) => {
        const [traces, changed] = step.args;
        return { ...step, args: [traces, changed.title ? { ...changed, title: wrapped(changed.title) } : changed] };
      }) })),
    };
  }

  async function draw(figure) {
    await load("plotly.js");
    const image = figure.querySelector("img");
    const { data, layout, config } = JSON.parse(figure.querySelector("script").textContent);
    const plot = document.createElement("div");
    const room = figure.clientWidth;
    figure.append(plot);
    figure.tabIndex = 0;
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", image.alt);
    const shown = layout.width > room ? narrowed(layout, room) : layout;
    await Plotly.newPlot(plot, data, shown, { ...config, displaylogo: false });
    image.hidden = true;
    figure.dataset.drawn = "";
  }
  const soon = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      soon.unobserve(target);
      draw(target);
    }
  }, { rootMargin: "400px" });
  for (const figure of document.querySelectorAll("figure:has(> script)")) {
    const width = Number(figure.querySelector("img").getAttribute("width"));
    if (width <= figure.clientWidth) {
      soon.observe(figure);
      continue;
    }
    // Too wide for this screen: the picture, which shrinks, stays until the reader asks.
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: "Interactive figure" });
    button.addEventListener("click", () => {
      button.remove();
      draw(figure).then(() => figure.focus());
    });
    figure.append(button);
  }
})();
