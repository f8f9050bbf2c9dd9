package notify

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"slices"
	"strings"
)

const largestHeaders = 16 << 10

// headersOf reads a file of headers. It holds secrets, so no message repeats any of it. It is read for each try: a token
// may be renewed at any time.
func headersOf(file string) (http.Header, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, unreadable(file, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(file, err)
	}
	if mode := info.Mode().Perm(); mode&0o007 != 0 {
		return nil, fmt.Errorf("cannot use %s: everybody on this host may use it (mode %04o): chmod 0640, chgrp lbsup", file, mode)
	}
	text, err := io.ReadAll(io.LimitReader(f, largestHeaders+1))
	if err != nil {
		return nil, unreadable(file, err)
	}
	h, err := parseHeaders(text)
	if err != nil {
		return nil, fmt.Errorf("cannot use %s: %w", file, err)
	}
	return h, nil
}

func unreadable(file string, err error) error {
	if at, is := errors.AsType[*fs.PathError](err); is {
		err = at.Err
	}
	return fmt.Errorf("cannot read %s: %w", file, err)
}

// parseHeaders reads lines "Name: value". Empty ones, and those that begin with #, say nothing.
func parseHeaders(text []byte) (http.Header, error) {
	if len(text) > largestHeaders {
		return nil, fmt.Errorf("got more than %d bytes", largestHeaders)
	}
	h, number := http.Header{}, 0
	for raw := range bytes.Lines(text) {
		number++
		line := strings.TrimSpace(string(raw))
		if line == "" || line[0] == '#' {
			continue
		}
		name, value, is := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !is || name == "" || strings.ContainsFunc(name, notToken) || strings.ContainsFunc(value, control) {
			return nil, fmt.Errorf("line %d is not Name: value", number)
		}
		if slices.Contains(ours, http.CanonicalHeaderKey(name)) {
			return nil, fmt.Errorf("line %d sets %s, which is lbsup's own", number, http.CanonicalHeaderKey(name))
		}
		h.Add(name, value)
	}
	return h, nil
}

var ours = []string{"Connection", "Content-Length", "Content-Type", "Host", "Trailer", "Transfer-Encoding"}

// notToken: RFC 9110, section 5.6.2.
func notToken(r rune) bool {
	letter := 'a' <= r|0x20 && r|0x20 <= 'z' && r < 0x80
	return !letter && !('0' <= r && r <= '9') && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}

// control: RFC 9110, section 5.5.
func control(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f || r == '\uFFFD' }
