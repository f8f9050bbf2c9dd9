package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lbsup/lbsup/supervisor/status"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// stageFor is a stage whose tale can be read after.
func stageFor(t *testing.T) (*stage, *strings.Builder) {
	var out strings.Builder
	s := newStage(Options{Source: source(t), Out: &out, Style: story.Style{Width: 110, Unicode: true}})
	t.Cleanup(func() { t.Log(out.String()) })
	return s, &out
}

// The whole demo succeeds, proves something in every act, and leaves nothing behind.
func TestDemo(t *testing.T) {
	s, out := stageFor(t)
	acts := s.acts()
	if err := s.run(t.Context(), acts); err != nil {
		t.Error(err)
	}
	tale := out.String()
	for i, act := range slices.Backward(acts) {
		before, told, found := strings.Cut(tale, fmt.Sprintf("\n%2d %s\n", i+1, act.Title))
		if !found || !strings.Contains(told, "✓ ") {
			t.Errorf("act %q is missing or proves nothing", act.Title)
		}
		tale = before
	}
	if left := leftovers(t, s.pair.Lab); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	if !strings.Contains(out.String(), "\nCleaned up: ") {
		t.Error("the tale does not say that it cleaned up")
	}
}

// An act that fails ends the tale with evidence, and everything is cleaned up.
func TestFailingAct(t *testing.T) {
	s, out := stageFor(t)
	acts := append(s.acts()[:1],
		story.Act{Title: "One that fails", Limit: time.Minute, Play: func(context.Context) error { return errors.New("expected the impossible; got nothing") }},
		story.Act{Title: "One that is never played", Limit: time.Minute, Play: func(context.Context) error { t.Error("it was played"); return nil }})
	err := s.run(t.Context(), acts)
	if err == nil || err.Error() != `act 2, "One that fails", failed` {
		t.Errorf("got %v", err)
	}
	for _, want := range []string{"expected the impossible; got nothing\n", "loadbalancer-1:\n", "loadbalancer-2:\n", "172.18.0.11/16", "Started haproxy.service", "\nCleaned up: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if left := leftovers(t, s.pair.Lab); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// Interrupted while a host boots, it cleans up as well.
func TestInterruptedBoot(t *testing.T) {
	s, out := stageFor(t)
	ctx, interrupt := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer interrupt()
	if err := s.run(ctx, s.acts()); !errors.Is(err, story.ErrInterrupted) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(out.String(), "\nCleaned up: ") || strings.Contains(out.String(), "what happened") {
		t.Error("it should say that it cleaned up, and show no numbers")
	}
	if s.pair != nil {
		if left := leftovers(t, s.pair.Lab); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestOffersHello(t *testing.T) {
	for _, row := range []struct {
		services []status.Service
		want     bool
	}{{nil, false}, {[]status.Service{{Name: "api"}}, false}, {[]status.Service{{Name: "api"}, {Name: "hello"}}, true}} {
		if got := offersHello(status.Snapshot{Services: row.services}); got != row.want {
			t.Errorf("%v: got %v", row.services, got)
		}
	}
}
