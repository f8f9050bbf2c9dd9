package probe

import (
	"context"
	"fmt"

	"github.com/lbsup/lbsup/checks"
)

// Func asks once. It fills in Health and Reason; Run adds the rest. It should end with ctx, and Run copes if it does not.
type Func func(ctx context.Context) checks.Result

// Round asks for several checks at once, and answers for each in their order.
type Round func(ctx context.Context) []checks.Result

// New returns the probe of a check. The built-in checks and those that combine others have none; those of backends share one, see Backends.
func New(def checks.Definition) (Func, error) {
	switch p := def.Probe; p.Kind {
	case checks.KindHTTP:
		return newHTTP(def.Name, p.HTTP)
	case checks.KindTCP:
		return newTCP(def.Name, p.TCP)
	case checks.KindInterface:
		return newInterface(def.Name, sysClassNet, p.Interface)
	case checks.KindExec:
		return newExec(def.Name, p.Exec)
	default:
		return nil, fmt.Errorf("cannot probe check %q: a check of kind %q is not probed", def.Name, p.Kind)
	}
}

func healthy(format string, args ...any) checks.Result {
	return checks.Result{Health: checks.Healthy, Reason: fmt.Sprintf(format, args...)}
}

func doubtful(format string, args ...any) checks.Result {
	return checks.Result{Health: checks.Doubtful, Reason: fmt.Sprintf(format, args...)}
}

func failed(format string, args ...any) checks.Result {
	return checks.Result{Health: checks.Failed, Reason: fmt.Sprintf(format, args...)}
}
