package main

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParseAnswer(t *testing.T) {
	const notHTTP = "the answer is not HTTP"
	for _, tc := range []struct {
		name, answer  string
		healthy, done bool
		reason        string
	}{
		{"healthy", "HTTP/1.0 200 OK\r\n\r\nhealthy: ok\n", true, true, "healthy: ok"},
		{"healthy, with a header", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nok\n", true, true, "ok"},
		{"only the first line", "HTTP/1.0 200 OK\r\n\r\nok\nmore\n", true, true, "ok"},
		{"a line with CR", "HTTP/1.0 200 OK\r\n\r\nok\r\n", true, true, "ok"},
		{"a status without a word", "HTTP/1.0 200 \r\n\r\nok\n", true, true, "ok"},
		{"an empty reason", "HTTP/1.0 200 OK\r\n\r\n\n", true, true, ""},
		{"not healthy", "HTTP/1.0 503 Service Unavailable\r\n\r\nfailed: refused\n", false, true, "failed: refused"},
		{"no such check", "HTTP/1.0 404 Not Found\r\n\r\nthere is no check \"x\"\n", false, true, `there is no check "x"`},
		{"another success is none", "HTTP/1.0 204 No Content\r\n\r\nok\n", false, true, "ok"},
		{"control characters", "HTTP/1.0 503 x\r\n\r\na\x1b[1mb\x00\n", false, true, "a?[1mb?"},
		{"nothing yet", "", false, false, ""},
		{"a part of the status line", "HTTP/1.", false, false, ""},
		{"a part of the header", "HTTP/1.0 200 OK\r\nA: b\r\n", false, false, ""},
		{"no line of reason yet", "HTTP/1.0 200 OK\r\n\r\nhealthy: o", false, false, ""},
		{"a header without CR has no end", "HTTP/1.0 200 OK\n\nok\n", false, false, ""},
		{"another protocol", "SSH-2.0-OpenSSH_9.2\r\n", false, true, notHTTP},
		{"another version", "HTTP/2.0 200 OK\r\n\r\nok\n", false, true, notHTTP},
		{"a status of letters", "HTTP/1.0 2OO OK\r\n\r\nok\n", false, true, notHTTP},
		{"a longer status", "HTTP/1.0 2000 OK\r\n\r\nok\n", false, true, notHTTP},
		{"garbage", "\x00\xff", false, true, notHTTP},
	} {
		t.Run(tc.name, func(t *testing.T) {
			healthy, reason, done := parseAnswer([]byte(tc.answer))
			if healthy != tc.healthy || reason != tc.reason || done != tc.done {
				t.Errorf("got %v %q, done %v; want %v %q, done %v", healthy, reason, done, tc.healthy, tc.reason, tc.done)
			}
		})
	}
}

// FuzzParseAnswer checks that only a complete answer that says 200 is healthy, however it arrives.
func FuzzParseAnswer(f *testing.F) {
	for _, seed := range []string{"", "HTTP/1.0 200 OK\r\n\r\nok\n", "HTTP/1.1 503 x\r\na: b\r\n\r\nno\n", "HTTP/1.0 200 ", "\x00", "HTTP/1.0 200 OK\r\n\r\n\x1b\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		healthy, reason, done := parseAnswer(answer)
		if healthy && !(strings.HasPrefix(string(answer), "HTTP/1.") && string(answer[8:13]) == " 200 ") {
			t.Errorf("%q is healthy", answer)
		}
		if !done && (healthy || reason != "") {
			t.Errorf("%q is not done and yet says %v %q", answer, healthy, reason)
		}
		if strings.ContainsAny(reason, "\n\x1b\x00") || utf8.Valid(answer) && !utf8.ValidString(reason) {
			t.Errorf("%q gives the reason %q", answer, reason)
		}
		for i := range answer { // the same, arriving in parts
			if h, r, d := parseAnswer(answer[:i]); d && (h != healthy || r != reason) {
				t.Errorf("the first %d bytes of %q say %v %q, all of it %v %q", i, answer, h, r, healthy, reason)
			}
		}
	})
}
