package report

import (
	"fmt"
	"html"
	"math"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/failover"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

// The plot's measures, in pixels. Bars begin where the axis begins, at one millisecond: on a logarithmic axis there is no zero.
const (
	plotWidth  = 960
	margin     = 6
	labelWidth = 260 // titles and the pairs' names, left of the axis
	valueWidth = 130 // the numbers, right of it
	axisFrom   = 0   // powers of ten of a millisecond
	axisTo     = 5
	barHeight  = 11
	barStep    = 16
	titleStep  = 24
	groupStep  = 14
	headHeight = 74
	footHeight = 58
)

// colours are readable on white and on black alike.
var colours = map[string]string{
	pair.Lbsup:      "#1a9e6e",
	pair.Documented: "#c8553d",
	"killall-0":     "#cf8a1e",
	"curl-script":   "#8a6fc9",
	"track-process": "#4a8fd0",
}

// Plot draws the outages: a group of bars for each failure that others were measured in too, a bar for each pair, from its median a thin line to its p99.
func Plot(rows []result.Row) string {
	var groups []group
	height := headHeight + footHeight
	for _, g := range outages(rows) {
		if len(g.rows) > 1 {
			groups = append(groups, g)
			height += titleStep + len(g.rows)*barStep + groupStep
		}
	}
	p := &plot{}
	p.line(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="title">`, plotWidth, height, plotWidth, height)
	p.line(`<title id="title">How long a client goes without an answer when a part of the holder dies</title>`)
	p.line(`<style>text{font:12px system-ui,sans-serif;fill:#57606a}.big{font-size:17px;font-weight:600}.name{font-weight:600}.grid{stroke:#8b949e;stroke-opacity:.35}` +
		`@media (prefers-color-scheme:dark){text{fill:#a8b1bb}}</style>`)
	p.text(margin, 20, "big", "start", "How long a client goes without an answer")
	p.text(margin, 40, "", "start", "when a part of the node that has the virtual address dies; median, thin line to the p99; logarithmic scale")
	p.axis(headHeight, height-footHeight)
	y := headHeight
	for _, g := range groups {
		y = p.group(g, y)
	}
	p.text(margin, height-10, "", "start", caption(rows, groups))
	p.line("</svg>")
	return p.b.String()
}

type plot struct{ b strings.Builder }

func (p *plot) line(format string, args ...any) { fmt.Fprintf(&p.b, format+"\n", args...) }

func (p *plot) text(x, y int, class, anchor, text string) {
	p.line(`<text x="%d" y="%d" class="%s" text-anchor="%s">%s</text>`, x, y, class, anchor, html.EscapeString(text))
}

// at is where a time lies on the axis.
func at(milliseconds float64) float64 {
	power := math.Log10(math.Max(milliseconds, 1))
	share := (math.Min(power, axisTo) - axisFrom) / (axisTo - axisFrom)
	return labelWidth + share*(plotWidth-labelWidth-valueWidth)
}

func (p *plot) axis(top, bottom int) {
	for power := axisFrom; power <= axisTo; power++ {
		x := int(at(math.Pow10(power)))
		p.line(`<line x1="%d" y1="%d" x2="%d" y2="%d" class="grid"/>`, x, top-10, x, bottom)
		p.text(x, top-16, "", "middle", []string{"1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s"}[power])
	}
}

func (p *plot) group(g group, y int) int {
	y += titleStep
	p.text(margin, y-8, "name", "start", g.title)
	for _, row := range g.rows {
		p.bar(row, y)
		y += barStep
	}
	return y + groupStep
}

// bar draws one pair. What never ended reaches the end of the axis and says so.
func (p *plot) bar(row result.Row, y int) {
	start, middle := at(1), y+barHeight/2
	end, far := at(float64(row.Median)), at(float64(row.P99))
	opacity := 1.0
	if row.Median.IsNever() {
		opacity = 0.45
	}
	p.text(labelWidth-10, y+barHeight-1, "", "end", row.Subject)
	p.line(`<rect x="%.1f" y="%d" width="%.1f" height="%d" rx="2" fill="%s" fill-opacity="%g"/>`,
		start, y, math.Max(end-start, 2), barHeight, colours[row.Subject], opacity)
	if far > end {
		p.line(`<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="%s" stroke-width="2"/>`, end, middle, far, middle, colours[row.Subject])
	}
	p.text(int(math.Max(end, far))+7, y+barHeight-1, "", "start", label(row))
}

func label(row result.Row) string {
	switch {
	case row.Median.IsNever():
		return "never"
	case row.Median == 0:
		return "no request failed"
	}
	return ms(row.Median)
}

func caption(rows []result.Row, groups []group) string {
	fewest, most := 0, 0
	for _, s := range pair.Subjects() {
		few, many := runsOf(s, groups)
		if many > 0 && (fewest == 0 || few < fewest) {
			fewest = few
		}
		most = max(most, many)
	}
	together := ""
	if sideBySide(groups) {
		together = ", all in one run"
	}
	return fmt.Sprintf("n = %s%s; a request every 5 ms; never: not within %.0f s; %s", span(fewest, most), together, failover.Limit.Seconds(), latest(rows).Format(time.DateOnly))
}
