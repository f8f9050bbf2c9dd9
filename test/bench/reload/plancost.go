package reload

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/bench/result"
)

const (
	planRuns = 20
	// aFile is how many servers are parsed at once: a cluster file has a megabyte at most. More are several files whose services are put together.
	aFile = 10_000
)

// planCost measures, in this process, what is computed for a change: the cluster file is parsed, rendered, and compared with the one before.
func (p Plan) planCost(ctx context.Context) error {
	build, err := haproxy.ParseBuild("HAProxy version 2.6.12")
	if err != nil {
		return err
	}
	for _, servers := range p.Planned {
		before, err := parse(servers, "")
		if err != nil {
			return err
		}
		var parts [4][]float64
		for range planRuns {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			spent, err := planOnce(before, servers, build)
			if err != nil {
				return err
			}
			for i, d := range spent {
				parts[i] = append(parts[i], milliseconds(d))
			}
		}
		for i, what := range []string{"parse", "render", "difference", "parse + render + difference"} {
			if err := p.save(partCost, pair.Lbsup, fmt.Sprintf("%d servers: %s", servers, what), result.Milliseconds, parts[i]); err != nil {
				return err
			}
		}
		p.say("planned %d servers %d times", servers, planRuns)
	}
	return nil
}

// planOnce plans one more server, and returns how long its parts took, and all of them.
func planOnce(before *cluster.Local, servers int, build haproxy.Build) (spent [4]time.Duration, err error) {
	runtime.GC() // so that each run pays for its own garbage
	began := time.Now()
	after, err := parse(servers, oneMore(1))
	if err != nil {
		return spent, err
	}
	parsed := time.Now()
	if _, err := haproxy.Render(after, nil, build); err != nil {
		return spent, err
	}
	rendered := time.Now()
	plan := haproxy.Difference(before, after, build)
	compared := time.Now()
	if len(plan.Changes) != 1 || len(plan.Reload) != 0 {
		return spent, fmt.Errorf("cannot measure the plan: got %v and reasons %v, want one server added", plan.Changes, plan.Reload)
	}
	return [4]time.Duration{parsed.Sub(began), rendered.Sub(parsed), compared.Sub(rendered), compared.Sub(began)}, nil
}

// parse is one node's view of that many servers, and of what is added to the first of them.
func parse(servers int, added string) (*cluster.Local, error) {
	var whole *cluster.Local
	for left := servers; left > 0; left -= aFile {
		c, problems := cluster.Parse("lbsup.yaml", []byte(manyText(min(left, aFile), added, "")))
		if len(problems) > 0 {
			return nil, problems
		}
		local, err := c.Local("loadbalancer-1")
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = local
			added = ""
			continue
		}
		for _, service := range local.Services {
			number := len(whole.Services)
			service.Name = fmt.Sprintf("service%d", number)
			service.Default = service.Name
			service.Pools[0].Name = service.Name
			service.Bind = []cluster.Bind{{Port: uint16(firstPort + number)}}
			whole.Services = append(whole.Services, service)
		}
	}
	return whole, nil
}
