package page

import (
	"testing"
)

// rules hold for every state in every window. Each is an expression that lists what breaks it.
var rules = []struct{ name, broken string }{
	{"nothing is wider than the window", `[...document.querySelectorAll("body *")].filter(e => !e.closest(".scroll, .unseen, .skip, svg, thead") && e.getClientRects().length
		&& e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + "." + e.className + " " + e.textContent.slice(0, 40))`},
	{"the drawing stays in its frame", `[...document.querySelectorAll("#board text, #board .box, #board .shape")].filter(e => e.getClientRects().length
		&& (e.getBoundingClientRect().right > document.querySelector("#board").getBoundingClientRect().right + 2 || e.getBoundingClientRect().left < document.querySelector("#board").getBoundingClientRect().left - 2))
		.map(e => e.textContent)`},
	{"text does not lie on text", `(() => { const all = [...document.querySelectorAll("#board text")].map(e => [e, e.getBoundingClientRect()]); const out = [];
		for (let i = 0; i < all.length; i++) for (let j = i + 1; j < all.length; j++) { const [a, p] = all[i], [b, q] = all[j];
			if (p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 4 && q.top < p.bottom - 4) out.push(a.textContent + " / " + b.textContent); }
		return out; })()`},
	{"text has contrast enough to be read", contrast},
	{"every picture has words", `[...document.querySelectorAll("svg[role=img]")].filter(e => e.getClientRects().length && !e.getAttribute("aria-label")
		&& !document.getElementById((e.getAttribute("aria-labelledby") || "").split(" ").pop())?.textContent).map(e => e.id || e.outerHTML.slice(0, 80))`},
	{"there is one h1, and no heading is left out", `(() => { const levels = [...document.querySelectorAll("h1,h2,h3")].map(e => +e.tagName[1]);
		return levels[0] == 1 && levels.filter(l => l == 1).length == 1 && levels.every((l, n) => !n || l - levels[n - 1] <= 1) ? [] : levels; })()`},
	{"there are landmarks", `["header", "main", "footer"].filter(name => document.querySelectorAll(name).length != 1)`},
	{"every section has a name", `[...document.querySelectorAll("section")].filter(e => !document.getElementById(e.getAttribute("aria-labelledby"))).map(e => e.id)`},
	{"no id twice", `[...document.querySelectorAll("[id]")].map(e => e.id).filter((id, n, all) => all.indexOf(id) != n)`},
	{"nothing comes from elsewhere", `performance.getEntriesByType("resource").map(e => e.name).filter(n => !n.startsWith(location.origin))`},
}

// contrast is WCAG's: 4.5 to 1, and 3 to 1 for large text. What is faded on purpose because it is old is not counted.
const contrast = `(() => {
	const parse = c => (c.match(/[\d.]+/g) || []).map(Number);
	const light = ([r, g, b]) => { const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(r) + .7152 * f(g) + .0722 * f(b); };
	const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length == 3 || c[3] > 0) return c; } return [255, 255, 255]; };
	const out = new Set();
	if (document.body.hasAttribute("data-lost")) return [];
	for (const e of document.querySelectorAll("body *")) {
		if (![...e.childNodes].some(n => n.nodeType == 3 && n.data.trim()) || !e.getClientRects().length || e.closest(".unseen, .skip, script, style, title, desc")) continue;
		const style = getComputedStyle(e), drawn = e instanceof SVGElement, ink = light(parse(drawn ? style.fill : style.color));
		let paper = behind(e);
		const box = drawn && e.parentNode.querySelector(":scope > .box");
		if (box) paper = parse(getComputedStyle(box).fill).slice(0, 3);
		const p = light(paper), ratio = (Math.max(ink, p) + .05) / (Math.min(ink, p) + .05), size = parseFloat(style.fontSize);
		if (ratio < (size >= 24 ? 3 : 4.5)) out.add(ratio.toFixed(2) + " " + (e.getAttribute("class") || e.tagName) + ": " + e.textContent.slice(0, 30));
	}
	return [...out].slice(0, 12);
})()`

func lookAt(t *testing.T, b *browser) {
	t.Helper()
	for _, rule := range rules {
		var broken []any
		b.value(rule.broken, &broken)
		for _, one := range broken {
			t.Errorf("%s: %v", rule.name, one)
		}
	}
}
