package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// Options are what a demo needs to know.
type Options struct {
	Source pair.Source
	Out    io.Writer
	Style  story.Style
}

// Run plays the whole demo and leaves nothing behind, however it ends.
func Run(ctx context.Context, o Options) error {
	s := newStage(o)
	return s.run(ctx, s.acts())
}

// stage is what the acts share. The lab is there from the first act on.
type stage struct {
	*story.Teller
	source  pair.Source
	pair    *pair.Pair
	started time.Time
	figures []story.Figure
}

func newStage(o Options) *stage {
	return &stage{Teller: story.NewTeller(o.Out, o.Style), source: o.Source, started: time.Now()}
}

func (s *stage) acts() []story.Act {
	return []story.Act{
		{Title: "Two bare hosts", Limit: 90 * time.Second, Play: s.boot},
		{Title: "One file, one command", Limit: time.Minute, Play: s.begin},
		{Title: "What each of them says", Limit: 20 * time.Second, Play: s.ask},
		{Title: "Traffic", Limit: 20 * time.Second, Play: s.traffic},
		{Title: "HAProxy is killed on the node that holds the VIP", Limit: 40 * time.Second, Play: s.killHAProxy},
		{Title: "The whole node dies", Limit: 90 * time.Second, Play: s.pullPlug},
		{Title: "lbsup itself is killed, on both nodes", Limit: 40 * time.Second, Play: s.killSupervisors},
		{Title: "A slip of the pen", Limit: 30 * time.Second, Play: s.slip},
		{Title: "A mistake that only HAProxy can see", Limit: 30 * time.Second, Play: s.raw},
		{Title: "A hand edit behind lbsup's back", Limit: 30 * time.Second, Play: s.drift},
		{Title: "A good edit", Limit: 30 * time.Second, Play: s.goodEdit},
		{Title: "And back again", Limit: 30 * time.Second, Play: s.rollback},
	}
}

// run plays acts and takes the lab down.
func (s *stage) run(ctx context.Context, acts []story.Act) error {
	s.Title("lbsup: a pair of load balancers from one file", `Real HAProxy, real keepalived, two hosts that boot on this machine without changing it. A client
		outside sends a request every few milliseconds, each on a new connection: its view is what counts here.`)
	failed := story.Play(ctx, s.Teller, acts, s.evidence)
	if failed == nil {
		s.Figures(s.figures)
	}
	if err := s.down(); err != nil {
		s.End("Not cleaned up: %v", err)
		if failed == nil {
			failed = fmt.Errorf("cannot clean up: %w", err)
		}
		return failed
	}
	s.End("Cleaned up: both hosts, their network and their files are gone. It took %s.", story.Span(time.Since(s.started)))
	return failed
}

func (s *stage) down() error {
	if s.pair == nil {
		return nil
	}
	return s.pair.Lab.Down()
}

// witness prints what a host has to say. HAProxy's lines about single requests would leave no room for the others.
const witness = `exec 2>&1; ip -br address; lbsup status
journalctl --no-pager --boot --output short-precise -u lbsup -u 'lbsup-apply@*' -u haproxy -u keepalived | grep -v '\[[0-9]*/[A-Z][a-z][a-z]/' | tail -25`

// evidence is what both hosts have to say when an act has failed.
func (s *stage) evidence() string {
	if s.pair == nil {
		return ""
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var text bytes.Buffer
	for _, node := range s.pair.Nodes() {
		if !node.Running() {
			fmt.Fprintf(&text, "%s: its power is off\n", node.Name)
			continue
		}
		out, _ := node.Script(ctx, "export LC_ALL="+s.Locale()+"\n"+witness) // lbsup may be what fails
		fmt.Fprintf(&text, "%s:\n%s\n", node.Name, out)
	}
	return text.String()
}

// note keeps a number for the end of the tale.
func (s *stage) note(what, measured string, r lab.Report) {
	s.figures = append(s.figures, story.Figure{What: what, Measured: measured, Requests: story.Requests(r)})
}
