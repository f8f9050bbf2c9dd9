package apply

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxWords bounds what a report repeats of a daemon's output.
const maxWords = 4 << 10

const hidden = "***"

// mask knows every secret that an attempt has met, and hides them in text that leaves it.
type mask struct{ secrets []string }

// spoken are the places where configuration, and a daemon that quotes it, has a password.
var spoken = regexp.MustCompile(`(?m)(\bauth_pass[ \t]+|\bstats[ \t]+auth[ \t]+[^\s:]*:|\buser[ \t]+\S+[ \t]+(?:insecure-)?password[ \t]+)([^\n]*?)([ \t]*$|[ \t]+groups\b)`)

func (m *mask) add(secret string) {
	if secret == "" || slices.Contains(m.secrets, secret) {
		return
	}
	m.secrets = append(m.secrets, secret)
	// The longest first: one password may be a part of another.
	slices.SortFunc(m.secrets, func(a, b string) int { return len(b) - len(a) })
}

// learn takes the secrets from a configuration, in the form that its quoting gives them.
func (m *mask) learn(config []byte) {
	for _, found := range spoken.FindAllSubmatch(config, -1) {
		m.add(string(found[2]))
	}
}

func (m *mask) hide(text string) string {
	for _, s := range m.secrets {
		if len(s) < wordy {
			text = hideWord(text, s)
		} else {
			text = strings.ReplaceAll(text, s, hidden)
		}
	}
	return spoken.ReplaceAllString(text, "${1}"+hidden+"${3}")
}

// wordy is how long a secret is to be hidden within other words too. A shorter one is a part of many, and a report without them says
// nothing: it is hidden where it stands alone.
const wordy = 4

func hideWord(text, secret string) string {
	var out strings.Builder
	for from := 0; ; {
		at := strings.Index(text[from:], secret)
		if at < 0 {
			out.WriteString(text[from:])
			return out.String()
		}
		at += from
		end := at + len(secret)
		out.WriteString(text[from:at])
		if (at == 0 || !inWord(text[at-1])) && (end == len(text) || !inWord(text[end])) {
			out.WriteString(hidden)
		} else {
			out.WriteString(secret)
		}
		from = end
	}
}

func inWord(b byte) bool {
	return b == '_' || b >= 0x80 || '0' <= b && b <= '9' || 'a' <= b|0x20 && b|0x20 <= 'z'
}

// words makes a daemon's output fit for a report: masked, printable, bounded.
func (m *mask) words(output string) string {
	text := strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || unicode.IsPrint(r) {
			return r
		}
		return -1
	}, strings.ToValidUTF8(output, "?"))
	text = strings.TrimSpace(m.hide(text))
	if len(text) <= maxWords {
		return text
	}
	return strings.ToValidUTF8(text[:maxWords], "") + "\n(and more)"
}
