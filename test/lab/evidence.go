package lab

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Test is what Evidence needs of a *testing.T.
type Test interface {
	Failed() bool
	Logf(format string, args ...any)
}

// What is logged has to leave the lines of the failure itself in sight: of a long run only the end is seen. So the hosts say little there: what warns, what
// lbsup says, and keepalived's VRRP process.
const (
	shortly = `ip -brief address show up | grep -v '^lo ' | head -12
command -v lbsup >/dev/null && timeout 5 lbsup status 2>&1 | head -15
journalctl --quiet --no-pager --boot --lines 25 --output short-precise PRIORITY=0 PRIORITY=1 PRIORITY=2 PRIORITY=3 PRIORITY=4 + SYSLOG_IDENTIFIER=lbsup + SYSLOG_IDENTIFIER=Keepalived_vrrp`
	atLength = `ip address
ip route
ss -ltnp
systemctl --no-pager --failed
command -v nft >/dev/null && nft list ruleset
command -v lbsup >/dev/null && { timeout 5 lbsup status; timeout 5 lbsup history; }
journalctl --no-pager --boot --output short-precise`
	longestLine = 200
)

// Evidence has the hosts testify when the test has failed: briefly in its log, and at length in a file that the log names and that stays. More are shell
// commands whose output belongs to the file too.
func (l *Lab) Evidence(t Test, more ...string) {
	if !t.Failed() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	script := strings.Join(append([]string{atLength}, more...), "\n")
	var long strings.Builder
	for _, node := range l.Nodes {
		fmt.Fprintf(&long, "==== %s\n%s\n", node.Name, node.says(ctx, script))
		t.Logf("%s says:\n%s", node.Name, cutLines(node.says(ctx, shortly), longestLine))
	}
	path, err := keep(long.String())
	if err != nil {
		t.Logf("cannot keep what the hosts say at length: %v", err)
		return
	}
	t.Logf("what the hosts say at length: %s", path)
}

// says is what a script prints on the host. A host that cannot be asked, or a command that fails, is evidence as well.
func (n *Node) says(ctx context.Context, script string) string {
	out, err := n.Script(ctx, "exec 2>&1\n"+script)
	if err != nil {
		out += err.Error() + "\n"
	}
	return out
}

func keep(text string) (string, error) {
	file, err := os.CreateTemp("", "lbsup-evidence-*.log")
	if err != nil {
		return "", err
	}
	if _, err := file.WriteString(text); err != nil {
		_ = file.Close()
		return "", err
	}
	return file.Name(), file.Close()
}

// cutLines cuts what is longer than width off each line.
func cutLines(text string, width int) string {
	var cut strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if runes := []rune(line); len(runes) > width {
			line = string(runes[:width]) + "…"
		}
		cut.WriteString(line + "\n")
	}
	return cut.String()
}
