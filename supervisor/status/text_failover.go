package status

import (
	"fmt"
	"io"
	"math"
)

// FailoverText writes what becomes of the VIPs when something dies: a table for each instance, then what to think about.
func FailoverText(w io.Writer, f Failover, style Style) error {
	p := &page{Style: style}
	for _, in := range f.Instances {
		p.failover(in)
	}
	if len(f.Warnings) > 0 {
		p.title("What to think about")
		for _, one := range f.Warnings {
			p.putMarked(2, warn, say(one.Where+": "+one.What))
			if one.Hint != "" {
				p.hint(2+p.marked(), one.Hint)
			}
		}
	}
	if len(f.RuledOut) > 0 {
		p.title("What cannot happen")
		for _, text := range f.RuledOut {
			p.putMarked(2, good, say(text))
		}
	}
	return p.writeTo(w)
}

func (p *page) failover(in FailoverInstance) {
	p.title("Instance " + in.Name)
	who := in.Holder + " has the VIPs while all is well"
	if in.Next != "" {
		who += ", " + in.Next + " comes next"
	}
	p.put(2, say(who))
	if in.Next != "" {
		p.put(2, say("a node that is well again "+in.Return))
	}
	rows := []row{{cells: []line{{{"what dies", faint}}, {{"noticed by", faint}}, {{"takes over", faint}}, {{"worst case", faint}}}}}
	for _, c := range in.Cases {
		r := row{cells: []line{{{c.What, strong}}, say(c.NoticedBy), takesOver(c), worst(c)}}
		for _, text := range []string{c.Formula, c.Note} {
			if text != "" {
				r.under = append(r.under, row{cells: []line{{{text, faint}}}})
			}
		}
		rows = append(rows, r)
	}
	p.table(2, rows)
}

func takesOver(c FailoverCase) line {
	switch c.Outcome {
	case "moves":
		return say(c.TakesOver)
	case "stays":
		return say("nobody, the VIPs stay")
	default:
		return line{{"nobody, the VIPs are gone", bad}}
	}
}

// worst is the worst case in whole milliseconds, rounded up.
func worst(c FailoverCase) line {
	if c.Outcome != "moves" {
		return say("")
	}
	return say(fmt.Sprintf("%.0f ms", math.Ceil(c.Worst)))
}
