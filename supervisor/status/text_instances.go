package status

import "fmt"

// instances says of each VRRP instance who holds its VIPs, since when, and why.
func (p *page) instances(s Snapshot) {
	if len(s.Instances) == 0 {
		return
	}
	p.title("Virtual addresses")
	var rows []row
	for _, in := range s.Instances {
		rows = append(rows, row{cells: []line{{p.mark(instanceTone(s.Node, in)), {in.Name, strong}}, p.holder(s, in)}})
		for _, text := range []string{in.Why, lowered(in)} {
			if text != "" {
				rows = append(rows, row{cells: []line{nil, say(text)}})
			}
		}
		for _, v := range in.VIPs {
			rows = append(rows, row{cells: []line{nil, address(v, in.State)}})
		}
	}
	p.table(2, rows)
}

// holder says who has the VIPs and what this node is.
func (p *page) holder(s Snapshot, in Instance) line {
	place, rest := "on "+in.Holder, joined(" ", "this node is", in.word(), lasting(in.Since, s.Time))
	switch in.Holder {
	case "":
		place = "on an unknown node"
	case s.Node:
		place = joined(" ", "on this node", lasting(in.Since, s.Time))
		rest = in.word()
	}
	if in.State == "MASTER" || in.State == "BACKUP" {
		rest += fmt.Sprintf(", priority %d", in.Priority)
	}
	return line{{place, strong}, {p.dot() + rest, plain}}
}

// word is the state as it follows "is" in a sentence.
func (in Instance) word() string {
	switch in.State {
	case "FAULT":
		return "in FAULT"
	case "STOP":
		return "stopped"
	default:
		return orUnknown(in.State)
	}
}

// address says where a VIP is only when it is not where the state says that it should be.
func address(v VIP, state string) line {
	l := say(v.Address + " on " + v.Interface)
	switch {
	case state == "MASTER" && !v.Here:
		return append(l, piece{" is missing on this node", bad})
	case state != "" && state != "MASTER" && v.Here:
		return append(l, piece{" is still on this node", bad})
	}
	return l
}

// lowered says why the node asks keepalived for less than it could.
func lowered(in Instance) string {
	if in.Priority >= in.Wanted {
		return ""
	}
	return joined(": ", fmt.Sprintf("priority %d instead of %d", in.Priority, in.Wanted), in.Reason)
}

func instanceTone(node string, in Instance) tone {
	for _, v := range in.VIPs {
		if in.State != "" && v.Here != (in.State == "MASTER") {
			return bad
		}
	}
	switch {
	case in.State == "FAULT" || in.State == "STOP":
		return bad
	case in.State == "" || in.Holder == "" || in.Priority < in.Wanted:
		return warn
	case (in.Holder == node) != (in.State == "MASTER"):
		return warn
	}
	return good
}
