package pair

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/test/lab"
)

// Asker asks the health socket of a node ten times a second with lbsup-check, as keepalived does once, and counts what came of it.
type Asker struct {
	node   *lab.Node
	cursor string // of keepalived's journal when it began
}

const (
	askerUnit = "bench-asker.service"
	askerFile = "/run/bench-asker"
)

// A line for each failure, and one at the end that says how many. The loop ends by the signal with which systemd stops a unit.
const askerScript = `asked=0 failed=0
trap 'echo "asked $asked failed $failed"; exit 0' TERM
while :; do
	asked=$((asked+1))
	said=$(/usr/libexec/keepalived/lbsup-check 2>&1) || { failed=$((failed+1)); echo "failed: $said"; }
	sleep 0.1
done`

// Ask begins.
func Ask(ctx context.Context, node *lab.Node) (*Asker, error) {
	out, err := node.Run(ctx, "journalctl", "--quiet", "--unit", "keepalived.service", "--lines", "1", "--show-cursor", "--output", "cat")
	if err != nil {
		return nil, err
	}
	_, cursor, ok := strings.Cut(out, "-- cursor: ")
	if !ok {
		return nil, fmt.Errorf("cannot ask on %q: keepalived's journal has no cursor: %q", node.Name, out)
	}
	const start = `systemctl --quiet stop "$1" 2>/dev/null # one of a run that failed
exec systemd-run --quiet --collect --unit "$1" --property "StandardOutput=truncate:$2" /bin/sh -c "$3"`
	if _, err := node.Script(ctx, start, askerUnit, askerFile, askerScript); err != nil {
		return nil, err
	}
	return &Asker{node: node, cursor: strings.TrimSpace(cursor)}, nil
}

// Answers is what came of the asking.
type Answers struct {
	Asked, Failed int
	Reasons       []string // the words of lbsup-check and of keepalived about each failure
}

// Stop ends the asking. The failures of keepalived's own questions are part of the answers.
func (a *Asker) Stop(ctx context.Context) (Answers, error) {
	if _, err := a.node.Run(ctx, "systemctl", "stop", askerUnit); err != nil {
		return Answers{}, err
	}
	out, err := a.node.Run(ctx, "cat", askerFile)
	if err != nil {
		return Answers{}, err
	}
	answers, err := parseAnswers(out)
	if err != nil {
		return Answers{}, fmt.Errorf("cannot read the answers on %q: %v", a.node.Name, err)
	}
	journal, err := a.node.Run(ctx, "sh", "-c", `journalctl --sync; journalctl --quiet --unit keepalived.service --after-cursor "$0" --output cat --no-pager`, a.cursor)
	said := scriptFailure.FindAllString(journal, -1)
	answers.Failed += len(said)
	answers.Reasons = append(answers.Reasons, said...)
	return answers, err
}

// parseAnswers reads what the script wrote.
func parseAnswers(text string) (Answers, error) {
	var answers Answers
	for line := range strings.Lines(text) {
		if reason, ok := strings.CutPrefix(line, "failed: "); ok {
			answers.Reasons = append(answers.Reasons, strings.TrimSpace(reason))
		}
		f := strings.Fields(line)
		if len(f) != 4 || f[0] != "asked" || f[2] != "failed" {
			continue
		}
		asked, errAsked := strconv.Atoi(f[1])
		failed, errFailed := strconv.Atoi(f[3])
		if errAsked == nil && errFailed == nil {
			answers.Asked, answers.Failed = asked, failed
			return answers, nil
		}
	}
	return Answers{}, fmt.Errorf("got %q, want \"asked N failed N\"", text)
}

// keepalived reports the first bad result of a script, a script that took too long, and each that ends its health.
var scriptFailure = regexp.MustCompile(`Script .?lbsup.? now returning [1-9]|VRRP_Script\(lbsup\) (failed|timed out)|Script .?lbsup.? timed out`)
