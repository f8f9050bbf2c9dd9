package apply

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mutation makes something else out of a file that was good.
type mutation struct {
	name string
	make func(r *rand.Rand, text []byte) []byte
}

var value = regexp.MustCompile(`: *[^\s,{}\[\]][^\s,{}\[\]]*`)

// instead replaces the value of one key.
func instead(values ...string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, text []byte) []byte {
		all := value.FindAllIndex(text, -1)
		if len(all) == 0 {
			return nil
		}
		at := all[r.IntN(len(all))]
		return bytes.Join([][]byte{text[:at[0]], []byte(": " + values[r.IntN(len(values))]), text[at[1]:]}, nil)
	}
}

// other replaces one character of a class by another one of it.
func other(class string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, text []byte) []byte {
		out := bytes.Clone(text)
		for at := r.IntN(len(out)); ; at = (at + 1) % len(out) {
			if strings.IndexByte(class, out[at]) >= 0 {
				out[at] = class[r.IntN(len(class))]
				return out
			}
		}
	}
}

// byLines gives a mutation two lines of a text.
func byLines(f func(lines []string, a, b int) []string) func(*rand.Rand, []byte) []byte {
	return func(r *rand.Rand, text []byte) []byte {
		lines := strings.SplitAfter(string(text), "\n")
		a, b := r.IntN(len(lines)), r.IntN(len(lines))
		return []byte(strings.Join(f(lines, min(a, b), max(a, b)), ""))
	}
}

var mutations = []mutation{
	{"a bit", func(r *rand.Rand, text []byte) []byte {
		out := bytes.Clone(text)
		out[r.IntN(len(out))] ^= 1 << r.IntN(8)
		return out
	}},
	{"a byte", func(r *rand.Rand, text []byte) []byte {
		out := bytes.Clone(text)
		out[r.IntN(len(out))] = byte(r.IntN(256))
		return out
	}},
	{"cut off", func(r *rand.Rand, text []byte) []byte { return text[:r.IntN(len(text))] }},
	{"the beginning gone", func(r *rand.Rand, text []byte) []byte { return text[r.IntN(len(text)):] }},
	{"zeros, as after a lost write", func(r *rand.Rand, text []byte) []byte {
		out, from := bytes.Clone(text), r.IntN(len(text))
		clear(out[from:min(len(out), from+1+r.IntN(512))])
		return out
	}},
	{"a doubled block", byLines(func(l []string, a, b int) []string {
		return append(append(append([]string{}, l[:b]...), l[a:b]...), l[b:]...)
	})},
	{"a missing block", byLines(func(l []string, a, b int) []string { return append(append([]string{}, l[:a]...), l[b:]...) })},
	{"swapped lines", byLines(func(l []string, a, b int) []string {
		out := append([]string{}, l...)
		out[a], out[b] = out[b], out[a]
		return out
	})},
	{"a wrong type", instead("[1, 2]", "{a: b}", "true", "null", "~", "1.5", "\"\"", "x", "-1", "2026-01-01", "&a x", "*a", "!!binary aGVsbG8=")},
	{"a huge value", instead("99999999999999999999", "1e300", "9999999h", strings.Repeat("x", 70000), strings.Repeat("[", 20000), "4294967296", "65536")},
	{"a digit", other("0123456789")},
	{"a letter", other("abcdefghijklmnopqrstuvwxyz")},
	{"another number", instead("0", "1", "2", "7", "80", "255", "256", "65535")},
}

// mutant is the n-th mutation of a text; the same number always gives the same one.
func mutant(n int, text []byte) (string, []byte) {
	r := rand.New(rand.NewPCG(uint64(n), 4))
	m := mutations[n%len(mutations)]
	return m.name, m.make(r, text)
}

// mutants is how many of each kind are tried.
const mutants = 500

// seldom has the real daemons judge the first so many that come as far as that; what is wrong is nearly always found
// before, and the rest would take minutes.
func (h *host) seldom(most int) *int {
	real, runs := h.Engine.Run, 0
	h.Engine.Run = func(ctx context.Context, argv ...string) (Exit, error) {
		if argv[1] != "-c" && argv[1] != "-t" {
			return h.run(ctx, argv...)
		}
		if runs++; runs > most {
			return Exit{}, nil
		}
		return real(ctx, argv...)
	}
	return &runs
}

// staysWhole is what must hold after every apply.
func (h *host) staysWhole(r Report, where, before string, current int) {
	h.t.Helper()
	switch {
	case r.Outcome == Rejected && (h.pair() != before || h.current() != current || len(r.Problems) == 0):
		h.t.Fatalf("%s: refused, but not without a trace: %+v", where, r)
	case r.Outcome != Rejected && h.current() != r.Number:
		h.t.Fatalf("%s: generation %d is current: %+v", where, h.current(), r)
	}
	m := manifest(h.t, h, h.current())
	if h.haproxy() != h.generationFile(m.Number, haproxyName) || h.keepalived() != h.generationFile(m.Number, keepalivedName) {
		h.t.Fatalf("%s: generation %d is current, but not what is installed", where, m.Number)
	}
	if _, err := h.store().List(); err != nil {
		h.t.Fatalf("%s: %v", where, err)
	}
	if left := h.litter(); len(left) > 0 {
		h.t.Fatalf("%s: left behind: %v", where, left)
	}
	if text, err := json.Marshal(r); err != nil || strings.Contains(string(text), "s3cret") || strings.Contains(string(text), "PRIVATE KEY-") {
		h.t.Fatalf("%s: a secret in the report: %s %v", where, text, err)
	}
}

func TestMutatedClusterFiles(t *testing.T) {
	files, err := filepath.Glob("../../test/clusters/*.yaml")
	must(t, err)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			must(t, err)
			h := hostIn(t, memory(t))
			good := strings.ReplaceAll(string(data), "/etc/lbsup/", h.path("etc/lbsup")+"/")
			h.saves(good)
			h.fillIn(string(data))
			h.Node = regexp.MustCompile(`(?m)^\s+- \{name: ([^,]+),`).FindStringSubmatch(good)[1]
			h.real(interfacesOf(good)...)
			h.links["lo"] = append(h.links["lo"], h.ownAddress())
			runs := h.seldom(30)
			h.applied("reload")
			taken := 0
			for n := range mutants / len(files) {
				kind, text := mutant(n, []byte(good))
				before, current := h.pair(), h.current()
				h.saves(string(text))
				r := h.apply("overwrite-force")
				h.staysWhole(r, fmt.Sprintf("%d: %s", n, kind), before, current)
				if r.Outcome != Rejected {
					taken++
				}
			}
			h.saves(good)
			if r := h.apply("overwrite-force"); r.Outcome == Rejected {
				t.Errorf("the good file is refused after all of them: %+v", r)
			}
			t.Logf("%d of %d were taken, the daemons were asked %d times", taken, mutants/len(files), *runs)
		})
	}
}

func TestMutatedCertificates(t *testing.T) {
	h := hostIn(t, memory(t))
	h.real("enc1")
	runs := h.seldom(60)
	m := &memoryOfHAProxy{serves: map[string][]byte{}, shows: map[string]string{}}
	h.Certificates = m
	good := h.validPEM()
	h.savesWithCertificate(good)
	h.applied("reload")
	file, was := h.path("etc/lbsup/web.pem"), h.pair()
	taken := 0
	for n := range mutants {
		kind, text := mutantCertificate(n, []byte(good))
		h.writes("etc/lbsup/web.pem", string(text))
		current, served := h.current(), m.serves[file]
		r := h.apply("reload")
		where := fmt.Sprintf("%d: %s", n, kind)
		h.staysWhole(r, where, was, current)
		if h.pair() != was {
			t.Fatalf("%s: a certificate changed a configuration", where)
		}
		if r.Outcome == Rejected {
			if !bytes.Equal(m.serves[file], served) {
				t.Fatalf("%s: HAProxy was given a refused certificate", where)
			}
			continue
		}
		taken++
		if pair, err := tls.X509KeyPair(m.serves[file], m.serves[file]); served != nil && (err != nil || pair.Leaf == nil) {
			t.Fatalf("%s: HAProxy was given what is no pair: %v", where, err)
		}
	}
	h.writes("etc/lbsup/web.pem", good)
	if r := h.apply("reload"); r.Outcome == Rejected || r.HAProxy {
		t.Errorf("the good certificate is refused after all of them: %+v", r)
	}
	t.Logf("%d of %d were taken, the daemons were asked %d times", taken, mutants, *runs)
}

// mutantCertificate is the n-th mutation of a PEM file. Every other one has its damage below the armour, where only the
// certificate or the key itself can tell.
func mutantCertificate(n int, text []byte) (string, []byte) {
	if n%2 == 0 {
		return mutant(n/2, text)
	}
	var blocks []*pem.Block
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		blocks = append(blocks, block)
	}
	hurt := blocks[n/2%len(blocks)]
	kind, der := mutant(n/4*len(mutations)+n%5, hurt.Bytes) // the kinds that need no lines
	hurt.Bytes = der
	var out []byte
	for _, block := range blocks {
		out = append(out, pem.EncodeToMemory(block)...)
	}
	return kind + " in " + hurt.Type, out
}
