package cluster

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// statusCode is an HTTP status.
type statusCode int

func (s *statusCode) read(n *yaml.Node) *mistake {
	number, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || err != nil || number < 100 || number > 599 {
		return &mistake{"read a status code", show(n), "a number from 100 to 599", ""}
	}
	*s = statusCode(number)
	return nil
}

func (statusCode) describe() property {
	return property{"type": "integer", "minimum": 100, "maximum": 599}
}

func statusCodes(in []statusCode) (out []int) {
	for _, s := range in {
		out = append(out, int(s))
	}
	return out
}

// argument is one word of a command.
type argument string

func (a *argument) read(n *yaml.Node) *mistake {
	text, m := textOf(n, "an argument", "text")
	if m != nil {
		if n.Kind == yaml.ScalarNode && !isNull(n) && n.ShortTag() != "!!str" {
			m.hint = "put it in quotes: " + quote(n.Value)
		}
		return m
	}
	*a = argument(text)
	return nil
}

func (argument) describe() property { return property{"type": "string"} }

// instead lets check be written as off: no checks at all.
func (h *rawHealth) instead(n *yaml.Node) bool {
	h.off = n.Kind == yaml.ScalarNode && (strings.EqualFold(n.Value, "off") || n.ShortTag() == "!!bool" && strings.EqualFold(n.Value, "false"))
	return h.off
}

func (rawHealth) alternatives() []any { return []any{"off", false} }
