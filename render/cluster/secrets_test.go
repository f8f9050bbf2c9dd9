package cluster

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFilesThatAClusterNames(t *testing.T) {
	c := everything(t)
	wants(t, "secrets", []string{"/etc/lbsup/stats.password", "/etc/lbsup/vrrp.password"}, c.SecretFiles())
	wants(t, "certificates", []string{"/etc/lbsup/certs/a.pem", "/etc/lbsup/certs/b.pem"}, c.CertificateFiles())
}

func TestCheckSecrets(t *testing.T) {
	const stats, vrrp = "/etc/lbsup/stats.password", "/etc/lbsup/vrrp.password"
	const atVRRP = "everything.yaml:22:39: vrrp.instances[0].auth.password_file: cannot "
	const atStats = "everything.yaml:73:112: stats.password_file: cannot "
	for _, row := range []struct {
		name    string
		secrets Secrets
		want    string
	}{
		{"good ones", Secrets{stats: "correct-horse-battery", vrrp: "8letters"}, ""},
		{"the longest", Secrets{stats: strings.Repeat("x", 128), vrrp: "x"}, ""},
		{"none", nil, atVRRP + `find the password in "/etc/lbsup/vrrp.password": got no such file, want a file with one line` + "\n" +
			atStats + `find the password in "/etc/lbsup/stats.password": got no such file, want a file with one line` + "\n"},
		{"empty", Secrets{stats: "", vrrp: "x"},
			atStats + `use the password in "/etc/lbsup/stats.password": got an empty file, want a file with one line` + "\n"},
		{"two lines", Secrets{stats: "first\nsecond", vrrp: "x"},
			atStats + `use the password in "/etc/lbsup/stats.password": got several lines, want one line` + "\n"},
		{"nine characters", Secrets{stats: "x", vrrp: "9letters!"},
			atVRRP + `use the password in "/etc/lbsup/vrrp.password": got more than 8 characters, want at most 8` + "\n  hint: VRRP version 2 has room for 8\n"},
		{"a sign that keepalived reads", Secrets{stats: "x$", vrrp: "x$"},
			atVRRP + `use the password in "/etc/lbsup/vrrp.password": got one of " \ $ ~, want letters, digits and other signs` + "\n  hint: keepalived would read these as something else\n"},
		{"a blank", Secrets{stats: "x", vrrp: "two sets"},
			atVRRP + `use the password in "/etc/lbsup/vrrp.password": got blanks or characters that are not printable ASCII, want letters, digits and signs` + "\n"},
		{"an umlaut", Secrets{stats: "x", vrrp: "schlüssl"},
			atVRRP + `use the password in "/etc/lbsup/vrrp.password": got blanks or characters that are not printable ASCII, want letters, digits and signs` + "\n"},
		{"endless", Secrets{stats: strings.Repeat("x", 129), vrrp: "x"},
			atStats + `use the password in "/etc/lbsup/stats.password": got more than 128 characters, want at most 128` + "\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if diff := cmp.Diff(row.want, told(everything(t).CheckSecrets(row.secrets))); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// No way of formatting shows what is secret.
func TestSecretsNeverFormat(t *testing.T) {
	const secret = "Kennwort7"
	s := Secrets{"/etc/lbsup/vrrp.password": secret}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
		if out := fmt.Sprintf(format, s); strings.Contains(out, secret) || strings.Contains(out, fmt.Sprintf("%x", secret)) {
			t.Errorf("%s shows the secret: %s", format, out)
		}
	}
	if out, err := json.Marshal(s); err != nil || string(out) != `"1 secrets"` {
		t.Errorf("JSON shows %s (%v)", out, err)
	}
	for _, name := range []string{"inline-password", "inline-password-number"} {
		_, problems := Parse("f", readFile(t, "testdata/bad/"+name+".yaml"))
		if out := told(problems); strings.Contains(out, secret) || strings.Contains(out, "12345678") || strings.Contains(out, "secret") {
			t.Errorf("%s shows the secret:\n%s", name, out)
		}
	}
}
