package apply

import (
	"strings"
	"testing"
)

func TestMask(t *testing.T) {
	var m mask
	for _, s := range []string{"s3cret", "s3cret-longer", ""} {
		m.add(s)
	}
	m.learn([]byte("  auth_pass it's\\ me\n\tstats auth 'admin:quo#ted'\nuserlist u\n user joe insecure-password hunter2 groups g\n"))
	rows := []struct{ name, in, want string }{
		{"a known secret", "unknown keyword 's3cret' here", "unknown keyword '***' here"},
		{"the longer one first", "got s3cret-longer", "got ***"},
		{"as the configuration quotes it", `x it's\ me y`, "x *** y"},
		{"a password beside a keyword, though unknown", "(line 3) auth_pass zzz", "(line 3) auth_pass ***"},
		{"stats auth", "stats auth bob:zzz", "stats auth bob:***"},
		{"user", "user x password abc", "user x password ***"},
		{"user with groups", "user x insecure-password hunter2 groups a,b", "user x insecure-password *** groups a,b"},
		{"password file is no password", `cannot read password file "/etc/x"`, `cannot read password file "/etc/x"`},
	}
	for _, row := range rows {
		if got := m.hide(row.in); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestMaskOfAShortSecret(t *testing.T) {
	var m mask
	m.add("42")
	m.add("e")
	for _, row := range []struct{ name, in, want string }{
		{"within words", "the line 1420 is unknown", "the line 1420 is unknown"},
		{"alone", "unknown keyword '42' in e", "unknown keyword '***' in ***"},
		{"beside its keyword", "auth_pass 42", "auth_pass ***"},
		{"twice", "42 42", "*** ***"},
		{"behind another letter", "é42 e", "é42 ***"},
	} {
		if got := m.hide(row.in); got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
}

func TestWords(t *testing.T) {
	m := mask{secrets: []string{"pass"}}
	if got, want := m.words("\x1b[31m[ALERT]\x00 pass\xff\r\n\n"), "[31m[ALERT] ***?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	long := m.words(strings.Repeat("é", maxWords))
	if len(long) > maxWords+20 || !strings.HasSuffix(long, "é\n(and more)") {
		t.Errorf("%d bytes, ends %q", len(long), long[len(long)-30:])
	}
}

func FuzzWords(f *testing.F) {
	f.Add("auth_pass x\nstats auth a:b", "b")
	f.Add("user a password b groups c", "a")
	f.Add("\xff\xfe\x00", "zz")
	f.Fuzz(func(t *testing.T, output, secret string) {
		var m mask
		if len(secret) < 4 || strings.Contains(hidden, secret) {
			secret = "long enough"
		}
		m.add(secret)
		got := m.words(output + secret)
		if len(got) > maxWords+len("\n(and more)") {
			t.Errorf("%d bytes", len(got))
		}
		if strings.Contains(m.hide(output+secret), secret) && !strings.Contains(hidden+strings.ReplaceAll(output, secret, hidden)+hidden, secret) {
			t.Errorf("%q shows %q", output, secret)
		}
	})
}
