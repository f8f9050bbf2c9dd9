package faults

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/lbsup/lbsup/render/cluster"
)

// mutants is how many of each kind are saved over the real file of a running pair.
const mutants = 500

// certified is a service with a certificate.
const certified = `
  - name: secure
    bind: ["*:8443"]
    mode: http
    tls: {certificates: [/etc/lbsup/secure.pem]}
    servers: [{name: compute0, address: "compute0.ocp0.sa.boe:80"}]
`

// mutated saves damaged files over the real ones of the node that does not hold the VIP, which would rightly move if the holder served less.
func (h *house) mutated(t *testing.T) {
	n := h.second
	c := h.calm()
	n.sh(t, "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=secure -keyout /root/key -out /root/cert 2>&1 && cat /root/cert /root/key >/etc/lbsup/secure.pem")
	pem, err := os.ReadFile(n.root + "/etc/lbsup/secure.pem")
	if err != nil {
		t.Fatal(err)
	}
	good := strings.Replace(h.edition(n.edition), "watch: false", certified[1:]+"watch: false", 1)
	n.save(t, good)
	n.sh(t, "lbsup reload")
	random := rand.New(rand.NewPCG(1, 2))
	for i := range mutants {
		t.Run(fmt.Sprintf("cluster file %d", i), func(t *testing.T) {
			n.bears(t, func() { n.save(t, mutant(random, good)) }, func() { n.save(t, good) })
		})
	}
	for i := range mutants {
		t.Run(fmt.Sprintf("certificate %d", i), func(t *testing.T) {
			n.bears(t, func() { n.put(t, damage(random, pem)) }, func() { n.put(t, pem) })
		})
	}
	n.save(t, h.edition(n.edition))
	n.sh(t, "lbsup reload --force")
	c.kept(t)
}

func (n *host) put(t *testing.T, pem []byte) {
	t.Helper()
	if err := n.Write(t.Context(), "/etc/lbsup/secure.pem", pem, 0o600); err != nil {
		t.Fatal(err)
	}
}

// bears has a damaged file reloaded, and then the good one.
func (n *host) bears(t *testing.T, harm, heal func()) {
	before := n.whole(t)
	harm()
	out, code := n.try(t, "lbsup reload --force")
	now := n.whole(t)
	t.Logf("lbsup reload ended with %d: %s", code, out)
	if code > 1 || code == 1 && now.Digest() != before.Digest() {
		t.Errorf("it ended with %d, and generation %d runs after %d", code, now.Number, before.Number)
	}
	heal()
	n.sh(t, "lbsup reload --force")
	n.whole(t)
	n.clean(t)
}

// mutant is the text with some damage, in which no VIP is another: to move it is what such an edit asks for.
func mutant(random *rand.Rand, text string) string {
	for {
		damaged := string(damage(random, []byte(text)))
		if c, problems := cluster.Parse("lbsup.yaml", []byte(damaged)); len(problems) > 0 || sameVRRP(c, text) {
			return damaged
		}
	}
}

func sameVRRP(c *cluster.Cluster, text string) bool {
	was, _ := cluster.Parse("lbsup.yaml", []byte(text)) // the original is good
	return reflect.DeepEqual(was.VRRP, c.VRRP) && reflect.DeepEqual(was.Nodes, c.Nodes)
}

// damage does one thing that happens to files: bytes that flip, lines that are lost, doubled or exchanged, an end that is missing.
func damage(random *rand.Rand, data []byte) []byte {
	out := append([]byte(nil), data...)
	lines := strings.SplitAfter(string(data), "\n")
	a, b := random.IntN(len(lines)), random.IntN(len(lines))
	switch random.IntN(5) {
	case 0:
		for range 1 + random.IntN(8) {
			out[random.IntN(len(out))] ^= byte(1 + random.IntN(255))
		}
		return out
	case 1:
		return out[:random.IntN(len(out))]
	case 2:
		lines[a] = ""
	case 3:
		lines[a] += lines[b]
	case 4:
		lines[a], lines[b] = lines[b], lines[a]
	}
	return []byte(strings.Join(lines, ""))
}
