package cluster

import (
	"net/url"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
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
