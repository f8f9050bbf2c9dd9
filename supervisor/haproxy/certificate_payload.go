package haproxy

import (
	"bytes"
	"crypto/sha1" // HAProxy names certificates by it
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// payloadLimit is how much of a command HAProxy takes: one buffer (tune.bufsize). It swallows a longer one without a word.
const payloadLimit = 16000

// payloadOf writes the blocks of a PEM file without what stands between them, since an empty line ends a payload, and the
// fingerprint of its first certificate.
func payloadOf(contents []byte) (payload, fingerprint string, err error) {
	var out bytes.Buffer
	keyed := false
	for block, rest := pem.Decode(contents); block != nil; block, rest = pem.Decode(rest) {
		if len(block.Headers) > 0 {
			return "", "", errors.New("it has a block with headers, as an encrypted key has")
		}
		if block.Type == "CERTIFICATE" && fingerprint == "" {
			sum := sha1.Sum(block.Bytes) // HAProxy names certificates by it
			fingerprint = strings.ToUpper(hex.EncodeToString(sum[:]))
		}
		keyed = keyed || strings.HasSuffix(block.Type, "PRIVATE KEY")
		if err := pem.Encode(&out, block); err != nil {
			return "", "", err
		}
	}
	switch {
	case fingerprint == "":
		return "", "", errors.New("it has no certificate")
	case !keyed:
		return "", "", errors.New("it has no private key")
	case out.Len() > payloadLimit:
		return "", "", fmt.Errorf("it has %d bytes, HAProxy takes %d at run time", out.Len(), payloadLimit)
	}
	return out.String(), fingerprint, nil
}
