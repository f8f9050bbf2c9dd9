package cluster

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// SecretUse is one place of the cluster file that names a password file.
type SecretUse struct {
	Path string  // of the password file
	VRRP bool    // VRRP takes 8 characters
	Say  Problem // without its message: where the file is named
}

// maxVRRPPassword is the size of the field in the VRRPv2 packet (RFC 2338, section 5.3.10). keepalived cuts what is
// longer, and two nodes with different cuts of it would not hear each other.
const maxVRRPPassword = 8

func (b builder) secret(path, file string, vrrp bool) {
	if file == "" {
		return
	}
	at := b.find(path)
	b.cluster.Secrets = append(b.cluster.Secrets, SecretUse{
		Path: file, VRRP: vrrp, Say: Problem{File: b.file, Line: at.line, Column: at.column, Path: path},
	})
}

// SecretFiles lists the password files, sorted, each once.
func (c *Cluster) SecretFiles() []string {
	var out []string
	for _, use := range c.Secrets {
		out = append(out, use.Path)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CertificateFiles lists the certificates, sorted, each once.
func (c *Cluster) CertificateFiles() []string {
	var out []string
	for _, s := range c.Services {
		if s.TLS != nil {
			out = append(out, s.TLS.Certificates...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// CheckSecrets reports what is wrong with the contents of the password files, without repeating any of it.
func (c *Cluster) CheckSecrets(secrets Secrets) Problems {
	var out Problems
	for _, use := range c.Secrets {
		content, found := secrets[use.Path]
		if m := badSecret(content, found, use.VRRP); m != nil {
			m.cannot += " in " + quote(use.Path)
			p := use.Say
			p.Message, p.Hint = m.message(), m.hint
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return out
}

func badSecret(content string, found, vrrp bool) *mistake {
	printable := func(r rune) bool { return r > ' ' && r <= unicode.MaxASCII && unicode.IsPrint(r) }
	switch {
	case !found:
		return &mistake{"find the password", "no such file", "a file with one line", ""}
	case content == "":
		return &mistake{"use the password", "an empty file", "a file with one line", ""}
	case strings.ContainsAny(content, "\r\n"):
		return &mistake{"use the password", "several lines", "one line", ""}
	case strings.ContainsFunc(content, func(r rune) bool { return !printable(r) }):
		return &mistake{"use the password", "blanks or characters that are not printable ASCII", "letters, digits and signs", ""}
	case vrrp && len(content) > maxVRRPPassword:
		return &mistake{"use the password", "more than 8 characters", "at most 8", "VRRP version 2 has room for 8"}
	case vrrp && strings.ContainsAny(content, `"\$~`):
		return &mistake{"use the password", "one of \" \\ $ ~", "letters, digits and other signs", "keepalived would read these as something else"}
	case len(content) > 128:
		return &mistake{"use the password", "more than 128 characters", "at most 128", ""}
	default:
		return nil
	}
}
