// JupyterLab's Plotly renderer shows a figure's static picture until the mouse comes, at one screen pixel per pixel of
// the file, which for a picture twice as fine is twice as wide as the figure. This gives it the size that its pHYs
// chunk asks for (lib/notebook/figure/render.ts writes it), and never more than the page has room for.
"use strict";
(() => {
  const prefix = "data:image/png;base64,";
  const cssPixelsPerMetre = 96 / 0.0254;

  /** The width that a PNG asks for, in CSS pixels, or undefined if it does not say. */
  function askedWidth(source) {
    if (!source.startsWith(prefix)) return undefined;
    const head = Uint8Array.from(atob(source.slice(prefix.length, prefix.length + 72)), (c) => c.charCodeAt(0));
    const isDensity = String.fromCharCode(...head.subarray(37, 41)) === "pHYs" && head[49] === 1;
    if (!isDensity) return undefined;
    const view = new DataView(head.buffer);
    return view.getUint32(16) / (view.getUint32(41) / cssPixelsPerMetre);
  }

  /** @param {HTMLImageElement} picture */
  function fit(picture) {
    const width = askedWidth(picture.src);
    picture.style.width = width ? `${Math.round(width)}px` : "";
    picture.style.maxWidth = "100%";
  }

  const selector = ".jp-RenderedPlotly > img.plot-img";
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      if (target instanceof HTMLImageElement && target.matches(selector)) fit(target);
      for (const node of addedNodes)
        if (node instanceof Element) for (const picture of node.querySelectorAll(selector)) fit(picture);
    }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ["src"] });

  const runsCells = /^notebook:(?:restart-)?(?:and-)?run-/;

  // Asked to run cells while a notebook's kernel is still to come, JupyterLab asks which kernel to take. There is one,
  // so it waits instead.
  const patience = {
    id: "knowledge-hacking:patience",
    autoStart: true,
    activate({ commands, shell }) {
      const execute = commands.execute.bind(commands);
      commands.execute = async (id, args) => {
        const session = shell.currentWidget?.sessionContext;
        if (runsCells.test(id) && session && !session.isReady) await session.ready;
        return execute(id, args);
      };
    },
  };

  // What JupyterLab expects of an extension that shares no module.
  const plugins = { __esModule: true, default: [patience] };
  (window._JUPYTERLAB ??= {})["knowledge-hacking"] = { init() {}, get: async () => () => plugins };
})();
