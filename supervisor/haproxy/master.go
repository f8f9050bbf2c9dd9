package haproxy

import (
	"context"
	"strings"
)

// Master is HAProxy's master CLI. No question here goes through it to a worker ("@1 …"): ten such questions to a wedged
// worker that are given up lock the master CLI, reload included, on every version.
type Master struct {
	Socket string
}

// The master's answers are short: 64 KiB hold a thousand old workers, or the words of a refused configuration.
const masterLimit = 64 << 10

// Processes asks for the master, its workers and its programs.
func (m Master) Processes(ctx context.Context) (Processes, error) {
	text, err := ask(ctx, m.Socket, "show proc", masterLimit)
	if err != nil {
		return Processes{}, err
	}
	return ParseProcesses(text)
}

// Outcome is what an answer to "reload" says. Before HAProxy 2.7 it says nothing.
type Outcome uint8

// The outcomes.
const (
	Unknown Outcome = iota
	Accepted
	Refused
)

// busy reports whether the master has refused only because it is at another reload, or still at its start, as HAProxy does from 3.1 on.
func (a Answer) busy() bool {
	return a.Outcome == Refused && strings.Contains(a.Words, "reload is still in progress")
}

// Answer is what the master CLI answers to "reload".
type Answer struct {
	Outcome Outcome
	Words   string // HAProxy's own, such as the line of a configuration that it refuses
}

// Reload tells the master to reload. From HAProxy 2.7 on it answers when the new worker is ready or has failed; before, the
// connection ends at once, with or without a reset, since the master executes itself again. It waits as long as ctx lets it:
// a name server that does not answer holds a start up for 20 s a name.
func (m Master) Reload(ctx context.Context) (Answer, error) {
	text, err := askPatiently(ctx, m.Socket, "reload", masterLimit)
	if err != nil && (!absent(err) || unsent(err)) {
		return Answer{}, err
	}
	return ParseAnswer(text), nil
}

// ParseAnswer reads the answer to "reload".
func ParseAnswer(text string) Answer {
	first, words, _ := strings.Cut(text, "\n")
	words = bounded(strings.TrimPrefix(words, "--\n"))
	switch strings.TrimSpace(first) {
	case "Success=1":
		return Answer{Outcome: Accepted, Words: words}
	case "Success=0":
		return Answer{Outcome: Refused, Words: words}
	default:
		return Answer{Outcome: Unknown, Words: bounded(text)}
	}
}

// bounded keeps so much of a daemon's words as a person reads.
func bounded(words string) string {
	const enough = 4 << 10
	words = strings.ToValidUTF8(strings.TrimSpace(words), "�")
	if len(words) > enough {
		words = strings.ToValidUTF8(words[:enough], "") + " …"
	}
	return words
}
