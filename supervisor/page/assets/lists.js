// What is told in words: findings, the change, the timeline, checks and services.
const mark = (tone) => el("span", { class: "mark", "data-tone": tone, "aria-hidden": "true" });

function listFindings(all) {
  $("findings").hidden = !all || !all.length;
  const tones = { failing: "bad", warning: "warn" };
  $("findings-list").replaceChildren(...(all || []).map((f) => el("li", { "data-tone": tones[f.severity] },
    el("b", {}, f.severity === "failing" ? "Failing: " : "Worth a look: "), ...coded(f.what), f.hint && el("span", { class: "hint" }, ...coded(f.hint)))));
}

const steps = ["applying", "activating", "verifying", "live"];
function listChange(c) {
  // One that went well and is over stands in the timeline; one that did not is to be seen.
  const over = c && c.outcome && c.tone === "good" && c.outcome === "live";
  $("change").hidden = !c || over || c.outcome === "unchanged";
  if ($("change").hidden) return;
  $("change").dataset.tone = c.tone;
  $("change-title").textContent = c.outcome ? "The last change" : "A change is under way";
  $("change-words").textContent = c.words + (c.outcome || !c.took_seconds ? "" : `, for ${took(c.took_seconds)} now`);
  $("change-steps").hidden = c.step < 0 || !!c.outcome;
  $("change-steps").replaceChildren(...steps.map((name, n) => el("li", { class: n < c.step ? "past" : "", "aria-current": n === c.step && "step" }, name)));
  const notes = (c.effects || []).concat((c.problems || []).map((p) => p.message), c.hint ? [c.hint] : []);
  $("change-notes").replaceChildren(...notes.slice(0, 8).map((n) => el("li", {}, n)));
}

function listMoments(all) {
  const out = [];
  let before = "";
  for (const m of all || []) {
    if (day(m.time) !== before) out.push(el("li", { class: "day" }, before = day(m.time)));
    out.push(el("li", { "data-tone": m.tone }, el("time", { datetime: m.time }, clock(m.time)), mark(m.tone), el("span", {},
      m.text + (m.by ? " by " + m.by : "") + (m.more ? ` (and ${m.more} more like it)` : ""), m.reason && el("span", { class: "why" }, m.reason))));
  }
  $("past").hidden = !out.length;
  $("moments").replaceChildren(...out);
}

function listChecks(all) {
  $("checks-section").hidden = !all.length;
  $("checks").replaceChildren(...(all || []).map((c) => el("tr", {}, el("td", {}, c.name),
    el("td", { class: "tone", "data-tone": c.tone }, mark(c.tone), c.health), el("td", { class: "since", "data-since": c.since }, since(c.since)), el("td", {}, c.reason))));
}

const page = 40; // services in the list at once
const open = new Set();
let listed = [];
function details(s) {
  const d = el("details", { "data-tone": s.tone, "data-name": s.name, open: open.has(s.name) },
    el("summary", {}, mark(s.tone), el("span", {}, s.name), el("span", { class: "soft" }, s.bind), el("span", { class: "count" }, s.words)));
  const list = () => d.append(el("ul", {}, ...s.servers.map((v) => el("li", {},
    draw("svg", { class: "shape " + v.state, viewBox: "-6 -6 12 12", role: "img", "aria-label": says[v.state] }, shapes[v.state]()),
    el("b", {}, v.name), el("span", {}, v.address + (v.backup ? ", backup" : "") + (v.state === "up" ? "" : ": " + v.words))))));
  if (open.has(s.name)) list();
  d.addEventListener("toggle", () => {
    d.open ? open.add(s.name) : open.delete(s.name);
    if (d.open && d.children.length < 2) list();
  });
  return d;
}
function listServices() {
  const wanted = $("filter").value.trim().toLowerCase();
  const fits = (s) => !wanted || [s.name, s.bind].concat(s.servers.map((v) => v.name + " " + v.address)).some((t) => t.toLowerCase().includes(wanted));
  const weight = { bad: 0, warn: 1 }, ill = (s) => weight[s.tone] ?? 2;
  const found = listed.filter(fits), focused = document.activeElement?.closest?.("details")?.dataset.name;
  if (found.length > page) found.sort((a, b) => ill(a) - ill(b));
  const nodes = found.slice(0, page).map(details);
  if (found.length > page) nodes.push(el("p", { class: "more" }, `${found.length - page} more: search for them above.`));
  $("services").replaceChildren(...nodes);
  $("filtered").textContent = wanted ? `${found.length} of ${listed.length}` : "";
  $("services-section").hidden = !listed.length;
  document.querySelector(".filter").hidden = listed.length < 6;
  if (focused) nodes.find((n) => n.dataset.name === focused)?.querySelector("summary").focus();
}
