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
	parsed, m := timeOf(n)
	if m == nil && parsed == 0 {
		m = &mistake{"use this time", quote(n.Value), "more than nothing", ""}
	}
	*d = duration(parsed)
	return m
}

func timeOf(n *yaml.Node) (time.Duration, *mistake) {
	const noun, want = "a time", "a number with its unit, such as 200ms or 1s"
	text, m := textOf(n, noun, want)
	if m != nil {
		if n.ShortTag() == "!!int" {
			m.hint = "write " + shorten(n.Value) + "s or " + shorten(n.Value) + "ms"
		}
		return 0, m
	}
	parsed, err := time.ParseDuration(text)
	if err != nil || !durationPattern.MatchString(text) {
		return 0, &mistake{"read " + noun, quote(text), want, ""}
	}
	return parsed, nil
}

func (duration) describe() property {
	return property{"type": "string", "pattern": durationPattern.String()}
}

// delay is a time that may also be nothing: 0s.
type delay time.Duration

func (d *delay) read(n *yaml.Node) *mistake {
	parsed, m := timeOf(n)
	*d = delay(parsed)
	return m
}

func (delay) describe() property { return duration(0).describe() }

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
