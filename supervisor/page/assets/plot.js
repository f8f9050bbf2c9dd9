// How long each of the last moves took: a stem for each, on a scale of decades.
function plotMoves(all) {
  const moves = all || [], known = moves.filter((m) => m.known);
  $("moves").hidden = !moves.length;
  if (!moves.length) return;
  const W = Math.max(260, Math.floor($("moves").getBoundingClientRect().width)), H = 150, left = 58, bottom = H - 22;
  const lines = draw("g", { id: "plot-lines" });
  const low = -2, high = Math.max(1, Math.ceil(Math.log10(Math.max(1, ...known.map((m) => m.took_seconds)))));
  const y = (s) => bottom - (Math.min(Math.max(Math.log10(Math.max(s, 1e-6)), low), high) - low) / (high - low) * (bottom - 12);
  for (let d = low; d <= high; d++) {
    lines.append(draw("path", { class: "grid", d: `M${left} ${y(10 ** d)}H${W}` }), text(left - 8, y(10 ** d) + 4, took(10 ** d), "", { "text-anchor": "end" }));
  }
  const step = Math.min(46, (W - left - 24) / Math.max(1, moves.length - 1));
  moves.forEach((m, n) => {
    const x = left + 14 + n * step, at = m.known ? y(m.took_seconds) : bottom;
    if (m.known) lines.append(draw("path", { class: "stem", d: `M${x} ${bottom}V${at}` }));
    lines.append(draw("circle", { class: m.here ? "came" : "left", cx: x, cy: at, r: m.here ? 4.5 : 4 }, draw("title", {}, moveWords(m))));
  });
  lines.append(text(left, H - 4, "older", ""), text(left + 14 + (moves.length - 1) * step + 4, H - 4, "latest", "", { "text-anchor": moves.length * step > W / 2 ? "end" : "start", dx: moves.length > 2 ? 0 : 40 }));
  $("plot").setAttribute("viewBox", `0 0 ${W} ${H}`);
  $("plot-lines").replaceWith(lines);
  $("plot").toggleAttribute("hidden", !known.length);
  $("plot-words").textContent = moves.map(moveWords).join(". ");
  $("moves-list").replaceChildren(...moves.slice(-5).reverse().map((m) => el("li", {},
    el("span", {}, el("b", {}, m.instance), m.here ? " came to this node" : " left this node", el("small", {}, m.cause || "no sign of it was seen on this node")),
    el("span", {}, m.known ? took(m.took_seconds) : "–", el("small", {}, shortly(m.time))))));
}
const moveWords = (m) => `${m.instance} ${m.here ? "came to" : "left"} this node on ${shortly(m.time)}${m.known ? " within " + took(m.took_seconds) : ""}${m.cause ? ", after: " + m.cause : ""}`;
