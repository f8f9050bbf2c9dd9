package haproxy

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

// A configuration carries its own digest in the description of its global section. HAProxy prints that in "show info", so a
// worker itself says which text it runs. The digest is taken over the text without the line that carries it.
var descriptionLine = regexp.MustCompile(`(?m)^    description "lbsup ([0-9a-f]{16})"\n`)

// sign puts the digest of a configuration into it, at the begin of its global section.
func sign(text string) ([]byte, string) {
	sum := sha256.Sum256([]byte(text))
	digest := hex.EncodeToString(sum[:8])
	head, rest, _ := strings.Cut(text, "global\n")
	return []byte(head + "global\n    description \"lbsup " + digest + "\"\n" + rest), digest
}

// DigestOf reads the digest that a configuration carries. It is false for a text that lbsup did not write, and for one that was
// changed after lbsup had written it.
func DigestOf(text []byte) (string, bool) {
	at := descriptionLine.FindSubmatchIndex(text)
	if at == nil {
		return "", false
	}
	digest := string(text[at[2]:at[3]])
	_, want := sign(string(text[:at[0]]) + string(text[at[1]:]))
	return digest, digest == want
}
