package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lbsup/lbsup/supervisor/status"
)

// scribe is a fake with a timeline.
type scribe struct {
	fake
	past    chan Past
	why     chan Why
	account status.Account
	batches [][]status.Moment
	then    error
	left    chan error // what Events came to
}

func newScribe() *scribe {
	return &scribe{past: make(chan Past, 1), why: make(chan Why, 1), left: make(chan error, 1)}
}

func (s *scribe) Why(_ context.Context, w Why) (status.Account, error) {
	s.why <- w
	return s.account, s.err
}

func (s *scribe) Events(ctx context.Context, p Past, tell func([]status.Moment) error) (err error) {
	defer func() { s.left <- err }()
	s.past <- p
	for _, ms := range s.batches {
		if err := tell(ms); err != nil {
			return err
		}
	}
	if p.Follow {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.then
}

var night = time.Date(2026, 1, 2, 2, 13, 7, 120_000_000, time.UTC)

func moments(from, to int) (ms []status.Moment) {
	for n := from; n < to; n++ {
		ms = append(ms, status.Moment{Time: night, Kind: status.CheckKind, Text: fmt.Sprintf("moment %d", n)})
	}
	return ms
}

func TestWhy(t *testing.T) {
	s := newScribe()
	s.account = status.Account{About: "VI_1", What: "moved", When: night, Because: "so", Chain: moments(0, 1)}
	socket, _ := start(t, s, quick)
	for _, want := range []Why{{}, {About: "172.18.100.100 & more?", From: night, To: night.Add(time.Minute)}} {
		got, err := Client{Socket: socket}.Why(t.Context(), want)
		if diff := cmp.Diff(s.account, got); diff != "" || err != nil {
			t.Errorf("%v (-want +got)\n%s", err, diff)
		}
		if diff := cmp.Diff(want, <-s.why); diff != "" {
			t.Errorf("asked for (-want +got)\n%s", diff)
		}
	}
	s.err = errors.New("cannot explain \"x\": there is none")
	if _, err := (Client{Socket: socket}).Why(t.Context(), Why{}); text(err) != s.err.Error() {
		t.Errorf("got %v, want %v", err, s.err)
	}
}

func TestEvents(t *testing.T) {
	s := newScribe()
	s.batches = [][]status.Moment{moments(0, 1), nil, moments(1, 1000)}
	socket, _ := start(t, s, quick)
	for _, row := range []struct {
		name string
		ask  Past
		then error
		err  string
	}{
		{"all", Past{}, nil, ""},
		{"some", Past{Since: night, Kinds: []status.Kind{status.RoleKind, status.CheckKind}}, nil, ""},
		{"and an error", Past{}, errors.New("cannot read the timeline: oh"), "cannot read the timeline: oh"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s.then = row.then
			var got []status.Moment
			err := Client{Socket: socket}.Events(t.Context(), row.ask, func(ms []status.Moment) error { got = append(got, ms...); return nil })
			if diff := cmp.Diff(moments(0, 1000), got); diff != "" || text(err) != row.err {
				t.Errorf("%v, want %q (-want +got)\n%s", err, row.err, diff)
			}
			if diff := cmp.Diff(row.ask, <-s.past); diff != "" {
				t.Errorf("asked for (-want +got)\n%s", diff)
			}
			<-s.left
		})
	}
}

// Who follows is told each moment when it comes, and ends when he likes.
func TestFollow(t *testing.T) {
	s := newScribe()
	s.batches = [][]status.Moment{moments(0, 3)}
	socket, _ := start(t, s, quick)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	seen := 0
	err := Client{Socket: socket}.Events(ctx, Past{Follow: true}, func(ms []status.Moment) error {
		if seen += len(ms); seen == 3 {
			cancel()
		}
		return nil
	})
	if err != nil || seen != 3 {
		t.Errorf("got %d moments, %v", seen, err)
	}
	if err := <-s.left; !errors.Is(err, context.Canceled) {
		t.Errorf("the record went on: %v", err)
	}
}

func TestFollowEndsWithTheSupervisor(t *testing.T) {
	s := newScribe()
	s.batches = [][]status.Moment{moments(0, 1)}
	socket, stop := start(t, s, quick)
	err := Client{Socket: socket}.Events(t.Context(), Past{Follow: true}, func(ms []status.Moment) error {
		if len(ms) > 0 {
			go func() { _ = stop() }()
		}
		return nil
	})
	if err != nil { // an end in order: the supervisor had nothing more to say
		t.Errorf("got %v", err)
	}
}

// Who does not read is hung up on, and the record is free.
func TestAFollowerWhoDoesNotRead(t *testing.T) {
	s := newScribe()
	for range 200 {
		s.batches = append(s.batches, moments(0, 1000))
	}
	socket, _ := start(t, s, quick)
	c, err := net.Dial("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Write([]byte("GET " + pathEvents + "?follow=yes HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := <-s.left; !errors.Is(err, errGone) {
		t.Errorf("got %v, want %v", err, errGone)
	}
}

func TestBadQuestions(t *testing.T) {
	s := newScribe()
	socket, _ := start(t, s, quick)
	for path, want := range map[string]string{
		pathEvents + "?since=yesterday":                            `cannot read since of the question: got "yesterday", want a time as in 2026-01-02T02:13:00Z`,
		pathWhy + "?from=1":                                        `cannot read from of the question: got "1", want a time as in 2026-01-02T02:13:00Z`,
		pathWhy + "?to=" + url.QueryEscape("2026-13-01T00:00:00Z"): `cannot read to of the question: got "2026-13-01T00:00:00Z", want a time as in 2026-01-02T02:13:00Z`,
	} {
		_, err := Client{Socket: socket}.ask(t.Context(), "GET", path, nil)
		if text(err) != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func TestABackendWithoutATimeline(t *testing.T) {
	socket, _ := start(t, &fake{}, quick)
	err := Client{Socket: socket}.Events(t.Context(), Past{}, nil)
	if want := "cannot ask the supervisor: it answered 404 Not Found"; text(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestReadMoments(t *testing.T) {
	for _, row := range []struct{ name, answer, err string }{
		{"empty", "", ""},
		{"cut off", `{"moment":{"time":"2026`, "cannot read on: the supervisor closed the connection"},
		{"nothing in it", "{}\n", "cannot read the supervisor's answer: got the line \"{}\\n\""},
		{"another page", "<html>\n", "cannot read the supervisor's answer: got the line \"<html>\\n\""},
		{"an error", `{"error":"oh"}` + "\n", "oh"},
	} {
		t.Run(row.name, func(t *testing.T) {
			err := readMoments(strings.NewReader(row.answer), func([]status.Moment) error { return nil })
			if text(err) != row.err {
				t.Errorf("got %v, want %s", err, row.err)
			}
		})
	}
}

func FuzzReadMoments(f *testing.F) {
	f.Add(`{"moment":{"time":"2026-01-02T02:13:07Z","kind":"check","text":"x"}}` + "\n")
	f.Add(`{"error":"oh"}`)
	f.Add("\n\n")
	f.Fuzz(func(t *testing.T, answer string) {
		told := 0
		_ = readMoments(strings.NewReader(answer), func(ms []status.Moment) error { told += len(ms); return nil })
		if lines := strings.Count(answer, "\n"); told > lines {
			t.Errorf("got %d moments from %d lines", told, lines)
		}
	})
}
