package pair

import (
	"context"
	"fmt"
	"io"
)

// Evidence writes what the hosts of a pair that is not well have to say.
func (p *Pair) Evidence(ctx context.Context, w io.Writer) {
	const script = `ip -brief address
systemctl --no-pager --failed
command -v lbsup >/dev/null && lbsup status
journalctl --no-pager --boot --lines 60 --output short-precise`
	for _, node := range p.Lab.Nodes {
		out, err := node.Script(ctx, script)
		fmt.Fprintf(w, "%s: %v\n%s\n", node.Name, err, out)
	}
}

// Note writes down what explains a number.
func (p *Pair) Note(lines ...string) {
	for _, line := range lines {
		fmt.Fprintf(p.log, "%s: %s\n", p.Subject.Name, line)
	}
}

// Unexpected writes down the evidence where a pair of lbsup did not come through; of the others it is known that some do not.
func (p *Pair) Unexpected(ctx context.Context) {
	if p.Subject.Supervised() {
		p.Evidence(context.WithoutCancel(ctx), p.log)
	}
}
