package haproxy

import (
	"fmt"
	"strings"
)

// plain holds the characters that mean only themselves outside of quotes (Configuration Manual, 2.2 "Quoting and escaping").
const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:,/@%+=*()[]<>|~?!&;^"

// quote writes a string so that HAProxy reads it back as exactly one word.
// Single quotes take everything literally, a backslash, a dollar and a hash too; only a single quote itself has to stand outside of them.
// No quoting carries a line end, so a control character is refused.
func quote(s string) (string, error) {
	if s != "" && strings.Trim(s, plain) == "" {
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
