package cluster

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// shape is the rule for a kind of text. The schema repeats its pattern.
type shape struct {
	noun    string
	pattern *regexp.Regexp
	want    string
	hint    string
	hidden  bool // what was got may be a secret: never repeat it
}

func (s shape) read(n *yaml.Node, into *string) *mistake {
	text, m := textOf(n, s.noun, s.want)
	if m != nil {
		if n.Kind == yaml.ScalarNode && !isNull(n) && n.ShortTag() != "!!str" && s.pattern.MatchString(n.Value) {
			m.hint = "put it in quotes: " + quote(n.Value)
		}
		if s.hidden {
			m.got, m.hint = "something else (not repeated here)", s.hint
		}
		return m
	}
	*into = text // also when it is wrong: other parts of the file refer to it
	if s.pattern.MatchString(text) {
		return nil
	}
	got := quote(text)
	if s.hidden {
		got = "other text (not repeated here)"
	}
	_, noun, _ := strings.Cut(s.noun, " ")
	return &mistake{"use this " + noun, got, s.want, s.hint}
}

var (
	// HAProxy manual, section 4: "All proxy names must be formed from upper and lower case letters, digits, '-', '_',
	// '.' and ':'"
	haproxyShape = shape{noun: "a name", pattern: regexp.MustCompile(`^[A-Za-z0-9_.:-]{1,64}$`),
		want: "1 to 64 letters, digits, - _ . or :", hint: "HAProxy takes no other names"}

	// These names are also names of files and part of URLs and of keepalived's blocks.
	identifierShape = shape{noun: "a name", pattern: regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`),
		want: "1 to 64 letters, digits, - _ or ., beginning with a letter or digit"}

	hostShape = shape{noun: "a host name", want: "a name such as lb1 or lb1.example.net",
		pattern: regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]{0,62})(\.[A-Za-z0-9]([A-Za-z0-9_-]{0,62})){0,15}$`)}

	// Linux: IFNAMSIZ is 16 with the final NUL; / and blanks are refused by dev_valid_name.
	linkShape = shape{noun: "an interface name", pattern: regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}$`),
		want: "1 to 15 letters, digits, - _ . or @, such as eth0"}

	// RFC 9110, section 5.6.2, is the grammar of both header names and (by RFC 6265) cookie names.
	tokenShape = shape{noun: "a name", pattern: regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+.^_|~-]{1,64}$`),
		want: "letters, digits or - _, without blanks"}

	methodShape = shape{noun: "an HTTP method", pattern: regexp.MustCompile(`^[A-Z]{3,16}$`), want: "GET, HEAD, OPTIONS or the like"}

	urlPathShape = shape{noun: "a URL path", pattern: regexp.MustCompile(`^/[!-~]*$`), want: "one that begins with / and has no blanks"}

	urlEndShape = shape{noun: "an end of a URL path", pattern: regexp.MustCompile(`^[!-~]+$`), want: "one without blanks, such as .css"}

	fileShape = shape{noun: "a path", pattern: regexp.MustCompile(`^(/\.?[A-Za-z0-9_@%+=:,-][A-Za-z0-9._@%+=:,-]*)+$`),
		want: "an absolute one of letters, digits and . _ @ % + = : , -"}

	secretShape = shape{noun: "a password file", pattern: fileShape.pattern, want: fileShape.want,
		hint: "the password itself never stands in the cluster file", hidden: true}

	userShape = shape{noun: "a user name", pattern: regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}$`),
		want: "letters, digits, - _ . or @"}

	mailboxShape = shape{noun: "a mail address", pattern: regexp.MustCompile(`^[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}$`),
		want: "name@domain"}

	alpnShape = shape{noun: "a protocol", pattern: regexp.MustCompile(`^[a-z0-9./-]{1,32}$`), want: "h2, http/1.1 or the like"}

	labelShape = shape{noun: "a label", pattern: regexp.MustCompile(`^[A-Za-z0-9_.@:-]{1,15}$`),
		want: "at most 15 letters, digits, - _ . @ or :", hint: "the kernel has room for 15 characters"}
)
