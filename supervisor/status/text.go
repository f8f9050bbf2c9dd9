package status

import (
	"fmt"
	"io"
	"strings"
)

// Text writes the snapshot for a person who may never have seen lbsup: the verdict first, then where the VIPs are and
// why, then what that rests on, and last what is wrong and what to do.
func Text(w io.Writer, s Snapshot, style Style) error {
	p := &page{Style: style}
	p.head(s)
	p.instances(s)
	p.pair(s)
	p.checks(s)
	p.services(s.Services)
	p.certificates(s)
	p.daemons(s)
	p.configuration(s)
	p.lastChange(s)
	p.findings(s.Findings)
	return p.writeTo(w)
}

// head says in one line which cluster and node this is and how it is.
func (p *page) head(s Snapshot) {
	cluster := line{{"cluster ", plain}, {s.Cluster, strong}}
	if s.Cluster == "" {
		cluster = line{{"no cluster file is installed yet", strong}}
	}
	dot := piece{p.dot(), faint}
	p.put(0, append(cluster, dot, piece{"this node ", plain}, piece{orUnknown(s.Node), strong}, dot, verdict(s)))
}

func verdict(s Snapshot) piece {
	failing, warnings := 0, 0
	for _, f := range s.Findings {
		if f.Severity == Failing {
			failing++
		} else {
			warnings++
		}
	}
	var counts []string
	if failing > 0 {
		counts = append(counts, fmt.Sprintf("%d failing", failing))
	}
	if warnings > 0 {
		counts = append(counts, plural(warnings, "warning"))
	}
	text, t := "not well", bad
	switch {
	case s.Well && warnings > 0:
		text, t = "well", warn
	case s.Well:
		text, t = "well", good
	case failing == 0:
		t = warn
	}
	return piece{strings.Join(append([]string{text}, counts...), ", "), t}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func orUnknown(name string) string {
	if name == "" {
		return "unknown"
	}
	return name
}

// joined joins what is not empty.
func joined(sep string, parts ...string) string {
	var some []string
	for _, part := range parts {
		if part != "" {
			some = append(some, part)
		}
	}
	return strings.Join(some, sep)
}

// findings say what is wrong and what to do.
func (p *page) findings(fs []Finding) {
	if len(fs) == 0 {
		return
	}
	p.title("What is wrong")
	for _, f := range fs {
		t := warn
		if f.Severity == Failing {
			t = bad
		}
		p.putMarked(2, t, say(f.What))
		if f.Hint != "" {
			p.hint(2+p.marked(), f.Hint)
		}
	}
}
