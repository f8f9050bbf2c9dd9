// The whiteboard: clients, VIPs, nodes, services and servers, from left to right, or from top to bottom on a narrow screen.
const most = 12; // services in the drawing; all of them are in the list below it
const shapes = {
  up: () => draw("circle", { r: 4 }),
  down: () => draw("path", { d: "M-4-4 4 4M4-4-4 4" }),
  drain: () => draw("path", { d: "M-4-2.5H4L0 4.5z" }),
  maint: () => draw("rect", { x: -3.5, y: -3.5, width: 7, height: 7 }),
  unknown: () => draw("circle", { r: 3.5 }),
};
const says = { up: "up", down: "down", drain: "drained", maint: "in maintenance", unknown: "not known" };
function shape(server, attributes) {
  const g = draw("g", { class: "shape " + server.state + (server.backup ? " backup" : ""), ...attributes }, shapes[server.state]());
  g.append(draw("title", {}, server.name + " " + server.address + ": " + server.words));
  return g;
}

const text = (x, y, words, kind, attributes) => draw("text", { x, y, class: kind, ...attributes }, words);
const across = (a, b) => { const m = (a.x + b.x) / 2; return `M${a.x} ${a.y}C${m} ${a.y} ${m} ${b.y} ${b.x} ${b.y}`; };
const down = (a, b) => { const m = (a.y + b.y) / 2; return `M${a.x} ${a.y}C${a.x} ${m} ${b.x} ${m} ${b.x} ${b.y}`; };

// way is a line that requests take, and spare one that they do not take now.
function way(into, d, tone) {
  into.append(draw("path", { class: "way", d, "data-tone": tone }));
  if (tone !== "bad" && tone !== "mute") into.append(draw("path", { class: "flow", d }));
}
const spare = (into, d) => into.append(draw("path", { class: "spare", d }));

function drawClients(into, x, y) {
  for (const [dx, dy] of [[-17, 3], [17, 3], [0, -4]]) {
    into.append(draw("circle", { class: "client", cx: x + dx, cy: y + dy - 9, r: 4.5 }),
      draw("path", { class: "client", d: `M${x + dx - 8.5} ${y + dy + 7}a8.5 8.5 0 0 1 17 0` }));
  }
  into.append(text(x, y + 30, "clients", "small", { "text-anchor": "middle" }));
}

const instanceHeight = (i) => 36 + 21 * i.vips.length;
function drawInstance(into, i, at) {
  const g = draw("g", { "data-tone": i.tone });
  g.append(draw("rect", { class: "box" + (i.holders.length ? " tells" : " away") + (i.tone === "bad" ? " washed" : ""), x: at.x, y: at.y, width: at.w, height: at.h, rx: at.h < 60 ? at.h / 2 : 16 }));
  g.append(text(at.x + 18, at.y + 22, clip(i.name, at.w - 36, fonts.small), "small"));
  i.vips.forEach((vip, n) => g.append(text(at.x + 18, at.y + 43 + 21 * n, clip(vip, at.w - 32, fonts.code), "address")));
  g.append(draw("title", {}, i.name + ", " + i.numbers + ": " + i.why));
  into.append(g);
}

const nodeWords = (n, w) => n.words.flatMap((words) => wrap(words, w - 28, fonts.small));
const nodeHeight = (n, w) => 62 + 18 * Math.max(nodeWords(n, w).length, 1);
function drawNode(into, n, at, holds) {
  const g = draw("g", { "data-tone": n.tone });
  g.append(draw("rect", { class: "box" + (holds || n.tone === "bad" ? " holds" : "") + (holds || n.tone === "bad" ? " washed" : ""), x: at.x, y: at.y, width: at.w, height: at.h, rx: 7 }));
  g.append(text(at.x + 16, at.y + 27, clip(n.name, at.w - 32, fonts.name), "name"));
  g.append(text(at.x + 16, at.y + 48, clip(n.role, at.w - 32, fonts.role), "role"));
  nodeWords(n, at.w).forEach((words, k) => g.append(text(at.x + 16, at.y + 69 + 18 * k, words, "small")));
  g.append(draw("title", {}, n.name + " " + n.address + " " + n.role + ". " + n.words.join(". ")));
  into.append(g);
}

// shown are the services that are drawn: the ill ones come first where there are too many.
function shown(services) {
  if (services.length <= most) return { rows: services, rest: [] };
  const weight = { bad: 0, warn: 1 };
  const order = services.map((s, n) => [weight[s.tone] ?? 2, n, s]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((x) => x[2]);
  return { rows: order.slice(0, most - 1), rest: order.slice(most - 1) };
}
function drawService(into, s, at, tall) {
  const g = draw("g", { "data-tone": s.tone });
  const dots = Math.min(s.servers.length, Math.floor(at.w * 0.42 / 14)), all = dots === s.servers.length;
  const right = all ? dots * 14 : 78;
  g.append(text(at.x, at.y + (tall ? 18 : 19), clip(s.name, at.w - right - 14, fonts.text), ""));
  if (tall) g.append(text(at.x, at.y + 35, clip(s.bind, at.w - right - 14, fonts.small), "small"));
  const middle = at.y + at.h / 2;
  if (all) s.servers.forEach((server, n) => g.append(shape(server, { transform: `translate(${at.x + at.w - right + 8 + 14 * n} ${middle})` })));
  else g.append(text(at.x + at.w, middle + 4.5, s.words, "small role", { "text-anchor": "end" }));
  g.append(draw("title", {}, s.name + " " + s.bind + ": " + s.words));
  into.append(g);
}

function drawServices(into, services, box) {
  const { rows, rest } = shown(services), tall = rows.length <= 8, h = tall ? 46 : 31;
  const places = rows.map((s, n) => ({ x: box.x, y: box.y + n * h, w: box.w, h }));
  rows.forEach((s, n) => {
    if (n) into.append(draw("path", { class: "row", d: `M${box.x} ${places[n].y}h${box.w}` }));
    drawService(into, s, places[n], tall);
  });
  if (rest.length) {
    const ill = rest.filter((s) => s.tone === "bad" || s.tone === "warn").length;
    const y = box.y + rows.length * h;
    into.append(draw("path", { class: "row", d: `M${box.x} ${y}h${box.w}` }),
      text(box.x, y + 20, `and ${rest.length} more, ${ill ? ill + " of them not well" : "none of them ill"}`, "small"));
    places.push({ x: box.x, y, w: box.w, h });
  }
  return places;
}
function servicesHeight(services) {
  const { rows, rest } = shown(services);
  return (rows.length + (rest.length ? 1 : 0)) * (rows.length <= 8 ? 46 : 31);
}

// stack places boxes of these heights below each other, in the middle of a height.
function stack(heights, gap, x, w, total) {
  let y = (total - heights.reduce((a, b) => a + b, 0) - gap * (heights.length - 1)) / 2;
  return heights.map((h) => { const at = { x, y, w, h }; y += h + gap; return at; });
}
const holderTone = (v, n) => v.instances.filter((i) => i.holders.includes(n.name)).reduce((t, i) => (i.tone === "bad" ? "bad" : t), "good");
const holding = (v, n) => v.instances.some((i) => i.holders.includes(n.name));

function drawWide(lines, v, services, W) {
  const tallOf = (hs, gap) => hs.reduce((a, b) => a + b, 0) + gap * Math.max(0, hs.length - 1);
  const vx = 96, vw = Math.min(230, W * 0.2), nx = vx + vw + W * 0.075, nw = Math.min(290, W * 0.25), sx = nx + nw + W * 0.075;
  const instances = v.instances.map(instanceHeight), nodes = v.nodes.map((n) => nodeHeight(n, nw));
  const H = Math.max(tallOf(instances, 22), tallOf(nodes, 34), servicesHeight(services), 120) + 8;
  const iat = stack(instances, 22, vx, vw, H), nat = stack(nodes, 34, nx, nw, H);
  const ways = draw("g"), boxes = draw("g");
  drawClients(boxes, 30, H / 2);
  v.instances.forEach((i, k) => {
    const entry = { x: iat[k].x, y: iat[k].y + iat[k].h / 2 }, exit = { x: iat[k].x + vw, y: entry.y };
    (i.holders.length ? way : spare)(ways, across({ x: 58, y: H / 2 }, entry), i.tone);
    v.nodes.forEach((n, m) => {
      const to = { x: nx, y: nat[m].y + nat[m].h * (k + 1) / (v.instances.length + 1) };
      i.holders.includes(n.name) ? way(ways, across(exit, to), i.tone) : spare(ways, across(exit, to));
    });
    drawInstance(boxes, i, iat[k]);
  });
  v.nodes.forEach((n, m) => drawNode(boxes, n, nat[m], holding(v, n)));
  const sh = servicesHeight(services), places = drawServices(boxes, services, { x: sx, y: (H - sh) / 2, w: W - sx });
  if (places.length) bus(ways, v, nat, places, sx - 22, nw);
  lines.append(ways, boxes);
  return H;
}

// bus joins the nodes with the services: each node that holds VIPs reaches all of them.
function bus(ways, v, nat, places, x, nw) {
  const first = places[0].y + places[0].h / 2, last = places[places.length - 1].y + places[places.length - 1].h / 2;
  const any = v.nodes.some((n) => holding(v, n)), tone = v.nodes.map((n) => (holding(v, n) ? holderTone(v, n) : "")).find((t) => t) || "mute";
  const lane = places.map((p) => `M${x} ${p.y + p.h / 2}h12`).join("");
  v.nodes.forEach((n, m) => {
    const from = { x: nat[m].x + nw, y: nat[m].y + nat[m].h / 2 }, to = { x, y: Math.min(Math.max(from.y, first), last) };
    holding(v, n) ? way(ways, across(from, to), holderTone(v, n)) : spare(ways, across(from, to));
  });
  ways.append(draw("path", { class: any ? "way" : "spare", d: `M${x} ${first}V${last}` + lane, "data-tone": tone }));
}

function drawNarrow(lines, v, services, W) {
  const ways = draw("g"), boxes = draw("g"), gap = 14, columns = v.nodes.length > 1 ? 2 : 1, cw = (W - gap * (columns - 1)) / columns;
  drawClients(boxes, W / 2, 20);
  let y = 84;
  const iat = v.instances.map((i) => { const at = { x: W * 0.1, y, w: W * 0.8, h: instanceHeight(i) }; y += at.h + 14; return at; });
  y += 34;
  const nh = Math.max(0, ...v.nodes.map((n) => nodeHeight(n, cw)));
  const nat = v.nodes.map((n, k) => ({ x: (k % columns) * (cw + gap), y: y + Math.floor(k / columns) * (nh + 18), w: cw, h: nh }));
  y = nat.length ? nat[nat.length - 1].y + nh + 44 : y;
  v.instances.forEach((i, k) => {
    if (!k) (i.holders.length ? way : spare)(ways, down({ x: W / 2, y: 56 }, { x: W / 2, y: iat[0].y }), i.tone);
    v.nodes.forEach((n, m) => {
      const lanes = v.instances.length, at = nat[m].x + nat[m].w / 2 + (k - (lanes - 1) / 2) * 16;
      const d = down({ x: W / 2 + (k - (lanes - 1) / 2) * 8, y: iat[k].y + iat[k].h }, { x: at, y: nat[m].y });
      i.holders.includes(n.name) ? way(ways, d, i.tone) : spare(ways, d);
    });
    drawInstance(boxes, i, iat[k]);
  });
  v.nodes.forEach((n, m) => {
    drawNode(boxes, n, nat[m], holding(v, n));
    const d = down({ x: nat[m].x + nat[m].w / 2, y: nat[m].y + nh }, { x: W / 2, y: y - 10 });
    if (services.length) holding(v, n) ? way(ways, d, holderTone(v, n)) : spare(ways, d);
  });
  drawServices(boxes, services, { x: 0, y, w: W });
  lines.append(ways, boxes);
  return y + servicesHeight(services);
}

function drawBoard(v, services) {
  const board = $("board"), W = Math.floor(board.getBoundingClientRect().width);
  const lines = draw("g", { id: "board-lines" });
  $("pair").hidden = !v.nodes.length;
  if ($("pair").hidden || !W) return;
  const H = (W >= 760 ? drawWide : drawNarrow)(lines, v, services, W);
  board.setAttribute("viewBox", `0 0 ${W} ${Math.ceil(H)}`);
  $("board-lines").replaceWith(lines);
  $("board-words").textContent = v.instances.map((i) => `${i.name}, ${i.vips.join(" and ")}: ${i.holders.length ? "held by " + i.holders.join(" and ") : "held by nobody that is known"}.`)
    .concat(v.nodes.map((n) => `${n.name} ${n.role}.`), services.map((s) => `${s.name}: ${s.words}.`)).join(" ");
}
