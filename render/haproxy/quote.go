package haproxy

import (
	"fmt"
	"strings"
)

// plain holds the characters that mean only themselves outside of quotes (Configuration Manual, 2.2 "Quoting and escaping").
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:,/@%+=*()[]<>|~?!&;^"

// meansItself is plain as a table: a configuration has a word for each few bytes.
var meansItself = func() (table [256]bool) {
	for i := range len(plain) {
		table[plain[i]] = true
	}
	return table
}()

func isPlain(s string) bool {
	for i := range len(s) {
		if !meansItself[s[i]] {
			return false
		}
	}
	return true
}

// quote writes a string so that HAProxy reads it back as exactly one word.
// Single quotes take everything literally, a backslash, a dollar and a hash too; only a single quote itself has to stand outside of them.
// No quoting carries a line end, so a control character is refused.
func quote(s string) (string, error) {
	if s != "" && isPlain(s) {
		return s, nil
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return "", fmt.Errorf("cannot write a control character (%#02x) into HAProxy's configuration", s[i])
		}
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'", nil
}

// literal keeps HAProxy from reading a percent sign as the begin of a variable where it expects a log-format string
// (Configuration Manual, 8.2.6 "Custom log format").
func literal(s string) string { return strings.ReplaceAll(s, "%", "%%") }
