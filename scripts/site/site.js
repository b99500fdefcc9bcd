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
    await Promise.all(["minisearch.js", "search.js", "search-index.js"].map(load));
    engine ??= window.siteSearch(MiniSearch, window.searchIndex);
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

  /** Pixels that a legend above the plot takes: Plotly gives all its entries the width of the longest. */
  function legendHeight(data, layout, room) {
    const names = data.filter(({ showlegend, visible, name }) => name && showlegend !== false && visible !== false)
      .map(({ name }) => name.length);
    if (!names.length || !(layout.showlegend ?? names.length > 1)) return 0;
    const columns = Math.max(1, Math.floor(room / (48 + 6.5 * Math.max(...names))));
    return 23 * Math.ceil(names.length / columns) + 8;
  }

  /**
   * A figure's layout for a narrow screen: the title in several lines, the legend above the plot, and a plot that keeps
   * its height where its shape carries no meaning. Pictures keep their shape.
   */
  function narrowed(data, layout, width) {
    const wrapped = (title) =>
      (title?.text ? { ...title, text: inLines(title.text, Math.floor(width / 9)).join("<br>") } : title);
    const lines = layout.title?.text ? wrapped(layout.title).text.split("<br>").length : 0;
    const { t = 0, b = 56, l = 60, r = 0 } = layout.margin ?? {};
    // Plotly puts the middle of a title of several lines where it would put one line.
    const pad = { t: 8 + 11 * Math.max(0, lines - 1) };
    const title = layout.title && { ...wrapped(layout.title), yref: "container", y: 1, yanchor: "top", pad };
    if (layout.images?.length) {
      const share = (width - l - r) / (layout.width - l - r);
      const top = t + 20 * Math.max(0, lines - 1);
      return { ...layout, width, title, height: top + b + share * (layout.height - t - b),
        margin: { ...layout.margin, t: top },
        annotations: layout.annotations?.map((note) =>
          ({ ...note, font: { ...note.font, size: Math.max(6, 18 * share) } })) };
    }
    const left = Math.min(l, width / 3);
    const top = 16 + 22 * lines + legendHeight(data, layout, width - left - 12);
    const plot = Math.min(layout.height, width) - 40;
    return {
      ...layout, width, height: top + plot + b, title, font: { ...layout.font, size: 11 },
      margin: { ...layout.margin, l: left, r: 12, t: top, b },
      legend: { ...layout.legend, orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom" },
      sliders: layout.sliders?.map((slider) => ({ ...slider, steps: slider.steps.map((step) => {
        const [traces, changed] = step.args;
        const next = changed.title && { ...title, text: wrapped(changed.title).text };
        return { ...step, args: [traces, next ? { ...changed, title: next } : changed] };
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
    const isNarrow = layout.width > room;
    await Plotly.newPlot(plot, data, isNarrow ? narrowed(data, layout, room) : layout,
      { ...config, displaylogo: false, ...(isNarrow ? { displayModeBar: false } : {}) });
    image.hidden = true;
    figure.dataset.drawn = "";
  }
  // For the pages whose cells run.
  window.siteFigures = { draw };
  for (const start of document.querySelectorAll(".run-start")) {
    // Browsers start no workers of a page that comes from a folder.
    if (!/^http/.test(location.protocol)) {
      start.parentElement.textContent = "To run it here, open this page from a web server, not from a folder.";
      continue;
    }
    start.hidden = false;
    start.addEventListener("click", () => {
      start.disabled = true;
      load("run/page.js");
    }, { once: true });
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
