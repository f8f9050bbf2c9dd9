package notify

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHeaders(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       http.Header
		err        string
	}{
		{"a token", "Authorization: Bearer 12345\n", http.Header{"Authorization": {"Bearer 12345"}}, ""},
		{"two of a name, a comment, no line break at the end", "# a\n\nx-key:1\r\nX-Key:  2:3 ", http.Header{"X-Key": {"1", "2:3"}}, ""},
		{"nothing", "", http.Header{}, ""},
		{"a token alone", "12345\n", nil, "line 1 is not Name: value"},
		{"a name with a blank", "X: 1\nMy Key: secret\n", nil, "line 2 is not Name: value"},
		{"a control character", "X: 1\x002\n", nil, "line 1 is not Name: value"},
		{"another host", "host: internal\n", nil, "line 1 sets Host, which is lbsup's own"},
		{"a trick with lengths", "Content-Length: 0\n", nil, "line 1 sets Content-Length, which is lbsup's own"},
		{"too many", strings.Repeat("X: 1\n", 10000), nil, "got more than 16384 bytes"},
	} {
		got, err := parseHeaders([]byte(row.text))
		said := ""
		if err != nil {
			said = err.Error()
		}
		if diff := cmp.Diff(row.want, got); diff != "" || said != row.err {
			t.Errorf("%s: %q, want %q (-want +got)\n%s", row.name, said, row.err, diff)
		}
	}
}

// What is taken can be sent, and an error tells nothing of the file.
func FuzzHeaders(f *testing.F) {
	f.Add("Authorization: Bearer 12345\n")
	f.Add("a:b\r\nc : d\n#\n: x\n")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHeaders([]byte(text))
		if err != nil {
			return
		}
		var out strings.Builder
		if err := h.Write(&out); err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, values := range h {
			count += len(values)
		}
		if strings.Count(out.String(), "\n") != count {
			t.Fatalf("%d values are written as %q", count, out.String())
		}
	})
}
