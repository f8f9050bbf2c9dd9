package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/supervisor/apply"
)

func diffCommand() command {
	var dir, file string
	f := newFlags("diff")
	f.StringVar(&dir, "store", render.GenerationsDir, "the `directory` of the generations")
	f.StringVar(&file, "config", render.ClusterFile, "the cluster `file`")
	return command{
		name: "diff", args: "[--config FILE] [--store DIR] [N [M]]", summary: "what differs between a generation's cluster file and the one on disk",
		about: `Compares the cluster file that generation N was made from, or the installed one, with the
cluster file as it is now, or with that of generation M. Passwords are not in a cluster
file, only the names of their files, so none is shown. It asks no supervisor.`,
		outcomes: []outcome{
			{exitOK, "they are the same"}, {exitNo, "one of them cannot be read"}, usageWrong, {exitChanges, "they differ"},
		},
		example: "lbsup diff\nlbsup diff 12 14",
		flags:   f,
		maxArgs: 2,
		run: func(_ context.Context, p *program, args []string) int {
			numbers, err := generationNumbers(args)
			if err != nil {
				return p.usage("diff", err.Error(), "lbsup history lists them")
			}
			return p.diff(apply.Store{Dir: dir}, file, numbers)
		},
	}
}

func generationNumbers(args []string) ([]int, error) {
	var out []int
	for _, arg := range args {
		n, err := strconv.Atoi(arg)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("cannot compare generation %q: want a number", arg)
		}
		out = append(out, n)
	}
	return out, nil
}

// edition is one of the two texts that are compared.
type edition struct {
	name string
	text []byte
}

func (p *program) diff(store apply.Store, file string, numbers []int) int {
	before, err := generationText(store, numbers)
	if err != nil {
		return p.fail(err)
	}
	after, err := laterText(store, file, numbers)
	if err != nil {
		return p.fail(err)
	}
	if bytes.Equal(before.text, after.text) {
		return exitOK
	}
	if _, err := p.stdout.Write(diff.Diff(before.name, before.text, after.name, after.text)); err != nil {
		return p.fail(err)
	}
	return exitChanges
}

func generationText(store apply.Store, numbers []int) (edition, error) {
	if len(numbers) > 0 {
		return textOf(store, numbers[0])
	}
	current, err := store.Current()
	if errors.Is(err, fs.ErrNotExist) {
		return edition{}, hinted("the first lbsup reload installs one", "cannot compare: nothing was installed yet")
	}
	if err != nil {
		return edition{}, locked(err)
	}
	return textOf(store, current.Number)
}

func textOf(store apply.Store, n int) (edition, error) {
	if _, err := store.Get(n); errors.Is(err, fs.ErrNotExist) {
		return edition{}, hinted("lbsup history lists them", "cannot compare generation %d: there is no such generation", n)
	}
	text, err := store.Cluster(n)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return edition{}, hinted("it is what was here before lbsup", "cannot compare generation %d: it has no cluster file", n)
	case err != nil:
		return edition{}, locked(err)
	}
	return edition{fmt.Sprintf("generation %d", n), text}, nil
}

func laterText(store apply.Store, file string, numbers []int) (edition, error) {
	if len(numbers) == 2 {
		return textOf(store, numbers[1])
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return edition{}, locked(fmt.Errorf("cannot read the cluster file: %w", err))
	}
	return edition{file, text}, nil
}

// locked says who may read what this user may not.
func locked(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return hinted(forMembers, "%v", err)
	}
	return err
}
