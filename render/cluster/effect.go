package cluster

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/lbsup/lbsup/checks"
)

// effect is what an instance makes of a check: a word, or how far to lower its priority.
type effect struct {
	word   checks.Effect
	weight int
}

var effects = []string{string(checks.Fault), string(checks.Lower), string(checks.Report)}

func (e *effect) read(n *yaml.Node) *mistake {
	const want = "fault, lower, report or a weight from 1 to 100"
	if n.ShortTag() == "!!int" {
		weight, ok := wholeNumber(n)
		if !ok || weight < 1 || weight > 100 {
			return &mistake{"use this weight", shorten(n.Value), want, "a weight says how far the priority falls; write it without a sign"}
		}
		*e = effect{checks.Lower, weight}
		return nil
	}
	text, m := textOf(n, "an effect", want)
	if m != nil {
		return m
	}
	if !slices.Contains(effects, text) {
		return &mistake{"use this effect", quote(text), want, didYouMean(text, effects)}
	}
	e.word = checks.Effect(text)
	return nil
}

func (effect) describe() property {
	return property{"oneOf": []property{{"enum": effects}, {"type": "integer", "minimum": 1, "maximum": 100}}}
}
