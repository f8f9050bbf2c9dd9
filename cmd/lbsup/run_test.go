package main

import (
	"context"
	"errors"
	"testing"
)

func TestSupervised(t *testing.T) {
	told, cancel := context.WithCancel(t.Context())
	cancel()
	for _, row := range []struct {
		name string
		ctx  context.Context
		err  error
		code int
		want string
	}{
		{"told to end", told, nil, exitOK, ""},
		{"told to end, with a complaint", told, errors.New("cannot stop the probes"), exitOK, ""},
		{"ended by itself", t.Context(), errors.New("cannot make the health socket: permission denied"), exitNo,
			"lbsup: error: cannot make the health socket: permission denied\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			p, _, errs := quiet("")
			if code := p.supervised(row.ctx, row.err); code != row.code || errs.String() != row.want {
				t.Errorf("got %d, %q; want %d, %q", code, errs, row.code, row.want)
			}
		})
	}
}
