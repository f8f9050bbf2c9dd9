package cluster

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Notice is one who is told when something happens.
type Notice struct {
	Exec        []string // a program, or else:
	Webhook     string
	HeadersFile string
	Timeout     time.Duration
	On          []Occurrence
}

// Occurrence is what somebody may want to be told of.
type Occurrence string

// The occurrences.
const (
	Transition   Occurrence = "transition"
	FailedChange Occurrence = "failed_change"
	SplitBrain   Occurrence = "split_brain"
)

var occurrences = []string{string(Transition), string(FailedChange), string(SplitBrain)}

type occurrence Occurrence

func (o *occurrence) read(n *yaml.Node) *mistake {
	text, m := textOf(n, "a word", oneOf(occurrences))
	if m != nil {
		return m
	}
	*o = occurrence(text)
	if !slices.Contains(occurrences, text) {
		return &mistake{"use this word", quote(text), oneOf(occurrences), didYouMean(text, occurrences)}
	}
	return nil
}

func (occurrence) describe() property { return property{"enum": occurrences} }

func (b builder) notices() {
	for i, raw := range b.raw.Notify {
		path := fmt.Sprintf("notify[%d]", i)
		n := Notice{Exec: plainTexts(raw.Exec), HeadersFile: string(raw.HeadersFile), Timeout: time.Duration(raw.Timeout)}
		if raw.Webhook != nil {
			n.Webhook = string(*raw.Webhook)
		}
		for _, o := range raw.On {
			n.On = append(n.On, Occurrence(o))
		}
		if len(n.On) == 0 {
			n.On = []Occurrence{Transition, FailedChange, SplitBrain}
		}
		b.told(path, raw)
		b.cluster.Notices = append(b.cluster.Notices, n)
	}
}

// told reports a notice that nobody, or more than one, would get.
func (b builder) told(path string, raw rawNotice) {
	_, exec := b.places[path+".exec"]
	_, webhook := b.places[path+".webhook"]
	_, headers := b.places[path+".headers_file"]
	switch {
	case exec == webhook:
		got := map[bool]string{true: "exec and webhook", false: "neither"}[exec]
		b.add(path, mistake{"tell somebody", got, "exec or webhook", "write one entry for each"})
	case exec && headers:
		b.add(path+".headers_file", mistake{"use headers for a program", "headers_file", "only with webhook", ""})
	}
	b.program(path+".exec", plainTexts(raw.Exec))
	if raw.Webhook != nil && strings.HasPrefix(string(*raw.Webhook), "http:") && headers && !onThisHost(string(*raw.Webhook)) {
		b.add(path+".webhook", mistake{"send secret headers in the clear", "an http URL with headers_file", "an https URL", ""})
	}
}

func onThisHost(text string) bool {
	u, err := url.Parse(text)
	return err == nil && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}
