package wire

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"time"
)

const (
	asking        = 2       // turns from one round of questions to the next
	looking       = 4       // turns from one look at the links to the next
	announcements = 3       // for one may be lost
	mostQuestions = 64      // in one round: the others come in the next
	longestWish   = 4 << 20 // of the largest cluster that a file can describe, with room
	unread        = 2 * time.Second
)

// session serves one who wishes to hear: reports go out until he hangs up.
type session struct {
	conn    net.Conn
	wish    Wish
	ears    map[task]*run
	links   links
	found   collection
	asked   int // where the next round of questions begins
	turns   int
	told    time.Time // when the last report went out
	trouble map[string]string

	announcing int // how often still
}

// serve ends with ctx, or when the other side hangs up, writes what is no wish, or does not read.
func (s *session) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(ctx, func() { s.conn.Close() })()
	defer s.silence()
	wishes, ended := make(chan Wish), make(chan error, 1)
	go func() { ended <- readWishes(ctx, s.conn, wishes) }()
	ticker := time.NewTicker(Period)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-ended:
			return err
		case w := <-wishes:
			if w.Announce > s.wish.Announce {
				s.announcing = announcements
			}
			s.wish = w
			s.found.want(s.wish.Ask)
			s.look(ctx)
		case <-ticker.C:
			if err := s.turn(ctx); err != nil {
				return err
			}
		}
	}
}

func readWishes(ctx context.Context, conn net.Conn, wishes chan<- Wish) error {
	lines := bufio.NewScanner(conn)
	lines.Buffer(nil, longestWish)
	for lines.Scan() {
		var w Wish
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			return fmt.Errorf("cannot read what is to be heard: %v", err)
		}
		select {
		case wishes <- w:
		case <-ctx.Done():
			return nil
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return errors.New("cannot read what is to be heard: it is too long")
	}
	return nil // hung up, in whatever way
}

// turn reports, asks and looks when it is time.
func (s *session) turn(ctx context.Context) error {
	s.turns++
	if s.turns%looking == 0 {
		s.look(ctx)
	}
	if problems := s.problems(); s.due(problems) {
		if err := s.tell(problems); err != nil {
			return err
		}
	}
	if s.announcing > 0 {
		s.announcing--
		s.announce()
	}
	if s.turns%asking == 0 {
		s.ask()
	}
	return nil
}

// due tells whether a report is. Half a turn is the ticker's own lateness.
func (s *session) due(problems map[string]string) bool {
	news := s.found.news() || !maps.Equal(problems, s.trouble)
	return news || s.wish.Often || time.Since(s.told) >= Heartbeat-Period/2
}

// tell makes one report.
func (s *session) tell(problems map[string]string) error {
	s.told, s.trouble = time.Now(), problems
	report := s.found.take()
	report.Problems = problems
	line, err := json.Marshal(report)
	if err != nil {
		return err
	}
	if err := s.conn.SetWriteDeadline(time.Now().Add(unread)); err != nil {
		return nil // hung up
	}
	if _, err := s.conn.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("cannot tell what was heard: %w", err)
	}
	return nil
}

// ask makes one round of questions.
func (s *session) ask() {
	for range min(len(s.wish.Ask), mostQuestions) {
		s.asked = (s.asked + 1) % len(s.wish.Ask)
		q := s.wish.Ask[s.asked]
		s.order(q, false)
	}
}

// announce announces all that is asked for.
func (s *session) announce() {
	for _, q := range s.wish.Ask[:min(len(s.wish.Ask), mostQuestions)] {
		s.order(q, true)
	}
}

func (s *session) order(q Question, announce bool) {
	if r := s.ears[task{kind: asks, Ear: Ear{Link: q.Link, IPv6: q.Address.Is6()}}]; r != nil {
		r.order(order{q.Address, announce})
	}
}

// problems are those of all links.
func (s *session) problems() map[string]string {
	var out map[string]string
	for _, t := range slices.SortedFunc(maps.Keys(s.ears), task.compare) {
		if err := s.ears[t].trouble(); err != nil {
			put(&out, t.Link, err.Error(), len(s.ears))
		}
	}
	return out
}

func validLink(name string) bool { return name != "" && len(name) <= 15 }

func validAddress(a netip.Addr) bool { return a.IsValid() && !a.Is4In6() && a.Zone() == "" }
