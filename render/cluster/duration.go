package cluster

import (
	"regexp"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// duration is a time with its unit.
type duration time.Duration

var durationPattern = regexp.MustCompile(`^([0-9]{1,9}(\.[0-9]{1,6})?(ms|s|m|h))+$`)

func (d *duration) read(n *yaml.Node) *mistake {
	const noun, want = "a time", "a number with its unit, such as 200ms or 1s"
	text, m := textOf(n, noun, want)
	if m != nil {
		if n.ShortTag() == "!!int" {
			m.hint = "write " + shorten(n.Value) + "s or " + shorten(n.Value) + "ms"
		}
		return m
	}
	parsed, err := time.ParseDuration(text)
	if err != nil || !durationPattern.MatchString(text) {
		return &mistake{"read " + noun, quote(text), want, ""}
	}
	if parsed <= 0 {
		return &mistake{"use this time", quote(text), "more than nothing", ""}
	}
	*d = duration(parsed)
	return nil
}

func (duration) describe() property {
	return property{"type": "string", "pattern": durationPattern.String()}
}

// brief is a time as a person writes it: 25h, not 25h0m0s.
func brief(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func (d duration) or(other time.Duration) time.Duration {
	if d == 0 {
		return other
	}
	return time.Duration(d)
}
