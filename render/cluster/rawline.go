package cluster

import (
	"net"
	"net/netip"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// rawLine is one line of HAProxy configuration that the file's author takes responsibility for.
type rawLine string

// sections are the keywords that begin a new section in any of HAProxy 2.4 to 3.2. A raw line with one would move
// everything that follows it.
var sections = []string{
	"acme", "backend", "cache", "crt-store", "defaults", "fcgi-app", "frontend", "global", "http-errors", "listen",
	"log-forward", "log-profile", "mailers", "peers", "program", "resolvers", "ring", "traces", "userlist",
}

func (l *rawLine) read(n *yaml.Node) *mistake {
	const want = "one line of HAProxy configuration"
	text, m := textOf(n, "a raw line", want)
	if m != nil {
		if strings.Contains(n.Value, "\n") {
			m.hint = "write one entry for each line"
		}
		return m
	}
	if len(text) > 2000 {
		return &mistake{"use a raw line of this length", "more than 2000 bytes", "fewer", "HAProxy reads lines of 2048 bytes"}
	}
	words := words(text)
	switch {
	case len(words) == 0:
		return &mistake{"use an empty raw line", quote(text), want, ""}
	case slices.Contains(sections, words[0]):
		return &mistake{"begin a section in a raw line", quote(text), "a line that belongs to this section",
			"a configuration of your own goes into haproxy.files"}
	case strings.HasPrefix(words[0], "."):
		return &mistake{"use a condition in a raw line", quote(text), "a line that always holds", ""}
	case strings.HasSuffix(text, `\`):
		return &mistake{"end a raw line in a backslash", quote(text), "a whole line", ""}
	}
	*l = rawLine(text)
	return nil
}

// words splits a raw line as HAProxy does before it looks for a keyword: quotes and backslashes are gone by then.
func words(line string) []string {
	return strings.Fields(strings.NewReplacer(`"`, "", `'`, "", `\`, "").Replace(line))
}

func (rawLine) describe() property { return property{"type": "string", "pattern": `^[^\n\r]+$`} }

// logTarget is a syslog server with a facility.
type logTarget LogTarget

var facilities = []string{"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "auth2", "ftp", "ntp",
	"audit", "alert", "cron2", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7"}

func (l *logTarget) read(n *yaml.Node) *mistake {
	const noun, want = "a log target", `one such as "192.0.2.30:514 local2" or "/dev/log local0"`
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	words := strings.Fields(text)
	if len(words) == 1 {
		words = append(words, "local0")
	}
	if len(words) != 2 {
		return &mistake{"read " + noun, quote(text), want, ""}
	}
	target, hint := logAddress(words[0])
	if target == "" {
		return &mistake{"read " + noun, quote(text), want, hint}
	}
	if !slices.Contains(facilities, words[1]) {
		return &mistake{"use this facility", quote(words[1]), "one such as local0 or daemon", didYouMean(words[1], facilities)}
	}
	*l = logTarget{target, words[1]}
	return nil
}

// logAddress accepts addresses and paths, but no names: HAProxy does not start when one of them does not resolve.
func logAddress(text string) (target, hint string) {
	if strings.HasPrefix(text, "/") {
		if fileShape.pattern.MatchString(text) && path.Clean(text) == text {
			return text, ""
		}
		return "", ""
	}
	if a, err := netip.ParseAddr(text); err == nil && unusable(a) == "" {
		return net.JoinHostPort(text, "514"), ""
	}
	host, _, ok := splitPort(text)
	if a, err := netip.ParseAddr(host); ok && err == nil && unusable(a) == "" {
		return text, ""
	}
	if _, err := netip.ParseAddr(host); err != nil && (isHost(host) || isHost(text)) {
		return "", "write the IP address: HAProxy does not start while the name does not resolve"
	}
	return "", ""
}

func (logTarget) describe() property { return property{"type": "string"} }

// mailServer is an SMTP server, on port 25 unless stated.
type mailServer netip.AddrPort

func (s *mailServer) read(n *yaml.Node) *mistake {
	const noun, want = "a mail server", `one such as 192.0.2.25 or "192.0.2.25:25"`
	text, m := textOf(n, noun, want)
	if m != nil {
		return m
	}
	host, port, ok := splitPort(text)
	if !ok {
		host, port = text, 25
	}
	a, err := netip.ParseAddr(host)
	if err != nil || unusable(a) != "" {
		return &mistake{"read " + noun, quote(text), want, ""}
	}
	*s = mailServer(netip.AddrPortFrom(a, port))
	return nil
}

func (mailServer) describe() property { return property{"type": "string"} }
