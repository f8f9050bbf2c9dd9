package keepalived

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
)

// Config is a rendered configuration. Its text holds the passwords of the instances: show it through Redact only.
type Config struct {
	Text  []byte
	Notes []render.Note
}

const header = `# Written by lbsup for this node. Change the cluster file instead, ` + render.ClusterFile + `:
# lbsup reports an edit of this file and puts nothing over it.
#
# The priority of an instance is the one written here plus the number in its track file, which lbsup keeps up to date, less
# the weight of the health question while lbsup does not answer.

`

// Render writes the configuration of one node.
func Render(l *cluster.Local, secrets cluster.Secrets, build Build) (Config, error) {
	if len(l.Nodes) > maxNodes {
		return Config{}, fmt.Errorf("cannot plan priorities for %d nodes: want at most %d", len(l.Nodes), maxNodes)
	}
	plan := NewPlan(l.Cluster)
	p := &page{}
	p.text.WriteString(header)
	p.global(l, build)
	p.healthQuestion(plan)
	for _, i := range l.VRRP.Instances {
		p.trackFile(i, build)
		p.instance(l, i, plan, secrets, build)
	}
	if p.err != nil {
		return Config{}, p.err
	}
	return Config{Text: []byte(p.text.String()), Notes: p.notes}, nil
}

// healthQuestion writes the script that asks lbsup how the node is. It can only lower the priority: two supervisors that are dead
// leave the address where it is.
func (p *page) healthQuestion(plan Plan) {
	p.gap()
	p.open("vrrp_script", scriptName)
	p.line("script", render.CheckClient)
	p.line("interval", seconds(questionInterval))
	p.line("timeout", seconds(questionTimeout))
	p.line("fall", strconv.Itoa(questionFall))
	p.line("rise", "1")
	p.line("weight", strconv.Itoa(-plan.Pull()))
	p.line("user", render.ScriptUser)
	p.close()
}

const scriptName = "lbsup"

// trackFile writes where keepalived reads the number that lbsup adds to an instance's priority. With weight 1 the number itself
// is what is added, and -254 means FAULT.
func (p *page) trackFile(i cluster.Instance, build Build) {
	keyword := "track_file"
	if !build.atLeast(2, 2, 7) { // later versions take this name, too, and call it deprecated in the journal
		keyword = "vrrp_track_file"
	}
	p.gap()
	p.open(keyword, i.Name)
	p.line("file", TrackFile(i.Name))
	p.line("weight", "1")
	p.close()
}

// TrackFile is the path of an instance's track file.
func TrackFile(instance string) string { return render.TrackDir + "/" + instance }

var passwordLine = regexp.MustCompile(`(?m)^(\s*auth_pass)\s.*$`)

// Redact returns a configuration without its passwords, for people to read.
func Redact(text []byte) []byte { return passwordLine.ReplaceAll(text, []byte("$1 ***")) }

var scriptUserLine = regexp.MustCompile(`(?m)^(\s*(?:script_user|user)) ` + regexp.QuoteMeta(render.ScriptUser) + `$`)

// ForTest returns the copy of a rendered configuration that "keepalived -t" judges truly when root runs it. keepalived 2.2.7 ends
// in SIGTERM (143) after a good test whenever a script belongs to somebody else than root; the copy leaves the scripts to root.
// So it does not see that the script user is missing.
func ForTest(text []byte) []byte {
	return scriptUserLine.ReplaceAll(text, []byte("$1 root"))
}
