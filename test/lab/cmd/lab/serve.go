package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
)

const wellLimit = 2 * time.Minute

// serve owns a lab until it is told to end.
func serve(args []string) error {
	asked, err := parseService("serve", args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := lab.Up(ctx, lab.OpenShift(), os.Stdout)
	if err != nil {
		return err
	}
	if !asked.bare {
		err = startPair(ctx, pair.Of(l), asked.source, os.Stdout)
	}
	if err == nil {
		l.Keep()
		fmt.Print(guide(l.ClientNamespace(), asked.bare))
		fmt.Println(readyLine)
		detach()
		<-ctx.Done()
	}
	if down := l.Down(); down != nil {
		return down
	}
	return err
}

// startPair makes the pair of two bare hosts, and returns when both are well.
func startPair(ctx context.Context, p *pair.Pair, source pair.Source, out io.Writer) error {
	late := fmt.Errorf("the pair is not well after %v", wellLimit)
	ctx, cancel := context.WithTimeoutCause(ctx, wellLimit, late)
	defer cancel()
	for _, step := range []struct {
		what string
		do   func(context.Context) error
	}{
		{"installing lbsup", func(ctx context.Context) error { return p.Install(ctx, source) }},
		{"writing " + pair.ClusterFile, func(ctx context.Context) error { return p.Configure(ctx, source) }},
		{"starting lbsup on both nodes", p.Start},
		{"waiting until both say well", func(ctx context.Context) error { return pair.Await(ctx, p.Well) }},
	} {
		fmt.Fprintf(out, "lab: %s\n", step.what)
		if err := step.do(ctx); err != nil {
			return err
		}
	}
	return nil
}

// detach lets go of the pipe to the command that has gone away by now, so that what is printed later does not end this process.
func detach() {
	signal.Ignore(syscall.SIGPIPE)
	if null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		for _, stream := range []io.Writer{os.Stdout, os.Stderr} {
			_ = syscall.Dup3(int(null.Fd()), int(stream.(*os.File).Fd()), 0)
		}
	}
}
