package cluster

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/lbsup/lbsup/checks"
)

// webURL is the URL of an http check.
type webURL string

func (u *webURL) read(n *yaml.Node) *mistake {
	const noun, want = "a URL", "one such as http://localhost:1936/healthz"
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	parsed, err := url.Parse(text)
	if err == nil && parsed.User != nil {
		return &mistake{"use this URL", "one with a user in it (not repeated here)", "one without", "the cluster file holds no secrets"}
	}
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || !isHost(parsed.Hostname()) || strings.ContainsAny(text, " \"'\\") || !portFits(parsed.Port()) {
		return &mistake{"read " + noun, quote(text), want, ""}
	}
	*u = webURL(text)
	return nil
}

func portFits(port string) bool {
	number, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil && number > 0
}

func (webURL) describe() property { return property{"type": "string", "pattern": `^https?://[^@ ]+$`} }

// algorithm is a way to balance. Those that look at the request have a name in them.
type algorithm string

var (
	algorithms     = []string{"roundrobin", "leastconn", "source", "first", "random", "static-rr", "uri", "url_param NAME", "hdr(NAME)", "rdp-cookie"}
	algorithmShape = regexp.MustCompile(`^(roundrobin|leastconn|source|first|random(\([1-9][0-9]?\))?|static-rr|uri|url_param [A-Za-z0-9_.-]{1,64}|hdr\([A-Za-z0-9_.-]{1,64}\)|rdp-cookie(\([A-Za-z0-9_.-]{1,64}\))?)$`)
)

func (b *algorithm) read(n *yaml.Node) *mistake {
	text, m := textOf(n, "an algorithm", oneOf(algorithms))
	if m != nil {
		return m
	}
	if !algorithmShape.MatchString(text) {
		return &mistake{"balance this way", quote(text), oneOf(algorithms), didYouMean(text, algorithms)}
	}
	*b = algorithm(text)
	return nil
}

// readsRequests says whether the algorithm looks at what HTTP requests say.
func (b algorithm) readsRequests() bool {
	return b == "uri" || strings.HasPrefix(string(b), "url_param ") || strings.HasPrefix(string(b), "hdr(")
}

func (algorithm) describe() property {
	return property{"type": "string", "pattern": algorithmShape.String(), "examples": algorithms[:6]}
}

// effect is what an instance makes of a check: a word, or how far to lower its priority.
type effect struct {
	word   checks.Effect
	weight int
}

var effects = []string{string(checks.Fault), string(checks.Lower), string(checks.Report)}

func (e *effect) read(n *yaml.Node) *mistake {
	const want = "fault, lower, report or a weight from 1 to 100"
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!int" {
		weight, err := strconv.Atoi(n.Value)
		if err != nil || weight < 1 || weight > 100 {
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
