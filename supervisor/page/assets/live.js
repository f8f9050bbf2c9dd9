// The stream of what is. When it is silent the page says so, and keeps what it last knew in sight.
let view = null, services = [], silent = null, last = 0;
const patience = 12000; // the node gives a sign of life each four seconds

function redraw() {
  if (!view) return;
  drawBoard(view, services);
  plotMoves(view.moves);
}
function show() {
  const words = view.headline + ". " + view.subline;
  document.body.dataset.tone = view.tone;
  document.title = (view.tone === "good" ? "" : "● ") + (view.cluster || view.node || "lbsup") + ": " + view.headline;
  $("cluster").textContent = view.cluster;
  $("seen").textContent = (view.cluster ? " as " : "as ") + (view.node || "this node") + " sees it";
  $("headline").textContent = view.headline;
  $("subline").textContent = view.subline;
  if ($("voice").textContent !== words) $("voice").textContent = words;
  listFindings(view.findings);
  listChange(view.change);
  listMoments(view.moments);
  listChecks(view.checks);
  ages();
  redraw();
}
function ages() {
  if (!view) return;
  $("version").textContent = "lbsup " + view.version + (view.started && !view.started.startsWith("0001") ? ", at work for " + since(view.started) : "");
  for (const td of document.querySelectorAll("td[data-since]")) td.textContent = since(td.dataset.since);
}

function lose() {
  if (document.body.hasAttribute("data-lost")) return;
  document.body.setAttribute("data-lost", "");
  $("lost").hidden = false;
  $("lost").textContent = view ? `lbsup on ${view.node || "this node"} does not answer. This is what it said at ${clock(new Date(told).toISOString())}; the VIPs do not depend on it.`
    : "lbsup does not answer.";
}
function alive() {
  last = performance.now();
  document.body.removeAttribute("data-lost");
  $("lost").hidden = true;
}

function listen() {
  const stream = new EventSource("events");
  stream.addEventListener("beat", (e) => { setClock(JSON.parse(e.data)); alive(); });
  stream.addEventListener("view", (e) => { view = JSON.parse(e.data); show(); alive(); });
  stream.addEventListener("services", (e) => { listed = services = JSON.parse(e.data); listServices(); redraw(); });
  stream.addEventListener("error", () => {
    lose();
    if (stream.readyState === EventSource.CLOSED) { stream.close(); setTimeout(listen, 5000); }
  });
}
setInterval(() => { if (last && performance.now() - last > patience) lose(); else ages(); }, 1000);
$("filter").addEventListener("input", listServices);
addEventListener("keydown", (e) => {
  if (e.key !== "/" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input")) return;
  e.preventDefault();
  $("filter").focus();
});
new ResizeObserver(redraw).observe($("pair").parentElement);
listen();
