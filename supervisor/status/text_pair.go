package status

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// pair says how each node is: this one as it sees itself, the others as they tell.
func (p *page) pair(s Snapshot) {
	if len(s.Peers) == 0 {
		return
	}
	p.title("Nodes")
	rows := []row{p.self(s)}
	for _, peer := range s.Peers {
		rows = append(rows, p.peer(s, peer)...)
	}
	p.table(2, rows)
}

func (p *page) self(s Snapshot) row {
	t := good
	if !s.Well {
		t = warn
	}
	var held []string
	for _, i := range s.Instances {
		if i.holds() {
			held = append(held, i.Name)
		}
	}
	return row{cells: []line{{p.mark(t), {s.Node, strong}}, {{holding(held), strong}, {p.dot() + joined(p.dot(), installed(s.Generation.Number), "lbsup "+s.Version, "this node"), plain}}}}
}

func (i Instance) holds() bool {
	for _, v := range i.VIPs {
		if !v.Here {
			return false
		}
	}
	return len(i.VIPs) > 0
}

// holding says which instances a node holds.
func holding(names []string) string {
	if len(names) == 0 {
		return "stands by"
	}
	return "holds " + strings.Join(names, ", ")
}

func installed(generation int) string {
	if generation == 0 {
		return "nothing installed"
	}
	return fmt.Sprintf("generation %d", generation)
}

// peer says what another node has told, or why it has not.
func (p *page) peer(s Snapshot, peer Peer) []row {
	name := line{p.mark(peerTone(peer)), {peer.Node, strong}}
	if peer.Summary == nil {
		return []row{{cells: []line{name, p.silence(s, peer)}}}
	}
	o := peer.Summary
	var held []string
	for _, i := range o.Instances {
		if i.Here {
			held = append(held, i.Name)
		}
	}
	words := joined(p.dot(), installed(o.Generation), sameFile(s, peer), otherVersion(s, o), clock(peer))
	rows := []row{{cells: []line{name, {{holding(held), strong}, {p.dot() + words, plain}}}}}
	if peer.Trouble != "" {
		rows[0].cells[1][0].text = "last told that it " + rows[0].cells[1][0].text
		rows = append(rows, row{cells: []line{nil, p.silence(s, peer)}})
	} else if o.Finding != "" {
		rows = append(rows, row{cells: []line{nil, {{o.Finding + more(o.Findings-1), warn}}}})
	}
	return rows
}

func peerTone(peer Peer) tone {
	switch {
	case peer.Trouble != "":
		return bad
	case peer.Summary == nil:
		return faint
	case !peer.Summary.Well:
		return warn
	default:
		return good
	}
}

// silence says since when a node is not heard, and why.
func (p *page) silence(s Snapshot, peer Peer) line {
	switch {
	case peer.Trouble == "":
		return line{{"has not told anything yet", faint}}
	case peer.Heard.IsZero():
		return line{{joined(": ", "was never heard", peer.Trouble), bad}}
	default:
		return line{{joined(": ", "not heard "+lasting(peer.Heard, s.Time), peer.Trouble), bad}}
	}
}

func sameFile(s Snapshot, peer Peer) string {
	since, behind := s.Differs(peer)
	text := "the same cluster file"
	switch {
	case peer.Summary.ClusterFile == "" || s.Generation.ClusterFile == "":
		text = ""
	case behind != "":
		text = joined(" ", "another cluster file", lasting(since, s.Time)) + ": the newer one is not on " + behind + " yet"
	}
	if peer.Summary.Edited {
		text = joined(", ", text, "edited and not applied there")
	}
	return text
}

func otherVersion(s Snapshot, o *Summary) string {
	if o.Version == s.Version {
		return "lbsup " + o.Version
	}
	return "lbsup " + o.Version + ", not " + s.Version
}

// clock is told where it is far enough off to matter to who compares two logs.
func clock(peer Peer) string {
	off := math.Abs(peer.Skew)
	if off < 0.1 || off < 2*peer.Within {
		return ""
	}
	word := "ahead"
	if peer.Skew < 0 {
		word = "behind"
	}
	return fmt.Sprintf("its clock is %s %s", time.Duration(off*float64(time.Second)).Round(100*time.Millisecond), word)
}

func more(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" (and %d more)", n)
}
