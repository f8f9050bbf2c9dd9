"use strict";
// What the other parts build on: elements, times and lengths of text. Text from elsewhere is only ever set as text.
const $ = (id) => document.getElementById(id);
const space = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child !== undefined && child !== null && child !== "") node.append(child);
  return node;
}
const el = (name, attributes, ...children) => fill(document.createElement(name), attributes, children);
const draw = (name, attributes, ...children) => fill(document.createElementNS(space, name), attributes, children);

// coded sets what stands between backticks as code.
const coded = (text) => text.split("`").map((part, n) => (n % 2 ? el("code", {}, part) : part));

// The node's clock counts, not the browser's.
let told = 0, heard = 0;
function setClock(text) { told = Date.parse(text); heard = performance.now(); }
const nodeNow = () => told + (performance.now() - heard);

function lasted(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return s + " s";
  if (s < 3600) return Math.floor(s / 60) + " min";
  if (s < 86400) return Math.floor(s / 3600) + " h";
  return Math.floor(s / 86400) + " d";
}
const since = (text) => (text ? lasted(nodeNow() - Date.parse(text)) : "");
function took(seconds) {
  if (seconds < 1) return Math.round(seconds * 1000) + " ms";
  return (seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)) + " s";
}
const clock = (text) => new Date(text).toLocaleTimeString("en-GB");
const shortly = (text) => new Date(text).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const day = (text) => new Date(text).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });

// clip shortens text to what fits into this many pixels, in the middle of what tells names apart: their end stays.
const ruler = document.createElement("canvas").getContext("2d");
function clip(text, room, font) {
  ruler.font = font;
  if (ruler.measureText(text).width <= room) return text;
  for (let keep = text.length - 1; keep > 2; keep--) {
    const head = Math.ceil(keep * 0.62), short = text.slice(0, head) + "…" + text.slice(text.length - (keep - head));
    if (ruler.measureText(short).width <= room) return short;
  }
  return "…";
}
// wrap breaks text into lines that fit, and clips a word that does not.
function wrap(text, room, font) {
  ruler.font = font;
  const out = [];
  for (const word of text.split(" ")) {
    const longer = out.length ? out[out.length - 1] + " " + word : word;
    if (out.length && ruler.measureText(longer).width <= room) out[out.length - 1] = longer;
    else out.push(word);
  }
  return out.map((line) => clip(line, room, font));
}
const family = getComputedStyle(document.body).fontFamily;
const fonts = {
  text: "14px " + family, small: "12.5px " + family, name: "600 15.5px " + family, role: "600 14px " + family,
  code: "13.5px " + getComputedStyle(document.documentElement).getPropertyValue("--code"),
};
