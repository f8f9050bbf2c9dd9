package cluster

import (
	"fmt"
	"time"
)

func (b builder) haproxy() {
	raw := b.raw.HAProxy
	out := HAProxy{Settle: time.Duration(raw.Settle), Global: plainTexts(raw.Global), Defaults: plainTexts(raw.Defaults), Files: plainTexts(raw.Files)}
	for _, target := range raw.Log {
		out.Log = append(out.Log, LogTarget(target))
	}
	files := once[string]{}
	for i, file := range out.Files {
		path := fmt.Sprintf("haproxy.files[%d]", i)
		if first, again := files.repeated(file, path); again && file != "" {
			b.add(path, mistake{"use a file twice", b.twice(file, first), "each file once", ""})
		}
	}
	for i, line := range out.Global {
		if w := words(line); len(w) > 0 && w[0] == "description" {
			b.add(fmt.Sprintf("haproxy.global[%d]", i), mistake{"use description", quote(line), "another line",
				"lbsup writes there which configuration a process runs"})
		}
	}
	b.cluster.HAProxy = out
	b.handWritten()
}

// handWritten checks that the configuration of HAProxy has one author: this file or haproxy.files.
func (b builder) handWritten() {
	_, services := b.places["services"]
	_, files := b.places["haproxy.files"]
	if !files {
		if !services {
			b.add("", mistake{"do without services", "neither services nor haproxy.files", "one of them", didYouMean("services", b.strangers())})
		} else if len(b.raw.Services) == 0 {
			b.add("services", mistake{"do without services", "none", "at least one", "haproxy.files hands over hand-written configuration instead"})
		}
		return
	}
	for _, path := range []string{"services", "stats", "haproxy.log", "haproxy.global", "haproxy.defaults"} {
		if _, written := b.places[path]; written {
			b.add(path, mistake{"use " + path + " beside haproxy.files", "both", "one of them", "lbsup never writes into configuration that it was handed"})
		}
	}
}

// strangers are the keys of the file that the format does not know.
func (b builder) strangers() (out []string) {
	for path := range b.places {
		out = append(out, path)
	}
	return out
}

func (b builder) stats() {
	raw := b.raw.Stats
	if raw == nil {
		return
	}
	out := Stats{
		Bind: Bind(raw.Bind), URI: string(raw.URI), Refresh: raw.Refresh.or(0), Description: raw.Description,
		User: string(raw.User), PasswordFile: string(raw.PasswordFile), Admin: raw.Admin,
	}
	_, user := b.places["stats.user"]
	_, password := b.places["stats.password_file"]
	switch {
	case user && !password:
		b.add("stats.user", mistake{"use a user without a password", "no password_file", "the file with the password", ""})
	case password && !user:
		b.add("stats.password_file", mistake{"use a password without a user", "no user", "the user's name", ""})
	case out.Admin && !user:
		b.add("stats.admin", mistake{"let everybody stop servers", "admin: true without a user", "a user and a password_file", ""})
	}
	b.secret("stats.password_file", out.PasswordFile, false)
	b.cluster.Stats = &out
}
