package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"github.com/lbsup/lbsup/test/lab"
	"github.com/lbsup/lbsup/test/lab/cmd/demo"
	"github.com/lbsup/lbsup/test/lab/cmd/pair"
	"github.com/lbsup/lbsup/test/lab/cmd/story"
)

// tell plays the demo.
func tell(args []string) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	var source pair.Source
	sourceFlags(flags, &source)
	if err := parse(flags, args); err != nil {
		return err
	}
	if err := lab.Missing(); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	signal.Ignore(syscall.SIGPIPE) // who stops reading shall not stop the cleaning up
	return demo.Run(ctx, demo.Options{Source: source, Out: os.Stdout, Style: story.StyleOf(os.Stdout, os.Getenv)})
}
