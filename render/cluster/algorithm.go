package cluster

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

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
