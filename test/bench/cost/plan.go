package cost

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lbsup/lbsup/test/bench/result"
)

func (p Plan) say(format string, args ...any) {
	fmt.Fprintf(p.Progress, "bench: cost: "+format+"\n", args...)
}

func (p Plan) save(name, subject, unit string, values []float64) error {
	row := result.Row{Bench: benchName, Subject: subject, Case: name, Unit: unit, At: time.Now().UTC().Truncate(time.Second)}
	return p.Save(result.Summary(row, values))
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func number(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0, fmt.Errorf("cannot read a process ID: got %q", text)
	}
	return n, nil
}
