package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// span is a range of ports, ends included.
type span struct{ from, to int }

// Union joins two lists of ports as net.ipv4.ip_local_reserved_ports spells them ("80,8000-8010"), in order. What is no port is left out.
func Union(a, b string) string {
	all := append(spans(a), spans(b)...)
	slices.SortFunc(all, func(x, y span) int { return x.from - y.from })
	var merged []span
	for _, s := range all {
		if last := len(merged) - 1; last >= 0 && s.from <= merged[last].to+1 {
			merged[last].to = max(merged[last].to, s.to)
			continue
		}
		merged = append(merged, s)
	}
	words := make([]string, len(merged))
	for i, s := range merged {
		words[i] = strconv.Itoa(s.from)
		if s.to > s.from {
			words[i] = fmt.Sprintf("%d-%d", s.from, s.to)
		}
	}
	return strings.Join(words, ",")
}

func spans(list string) (out []span) {
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' }) {
		first, last, ranged := strings.Cut(word, "-")
		if !ranged {
			last = first
		}
		from, err := strconv.ParseUint(first, 10, 16)
		to, err2 := strconv.ParseUint(last, 10, 16)
		if err == nil && err2 == nil && from <= to {
			out = append(out, span{int(from), int(to)})
		}
	}
	return out
}
