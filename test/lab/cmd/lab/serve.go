package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/lbsup/lbsup/test/lab"
)

// serve owns a lab until it is told to end.
func serve(args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	repository := flags.String("repository", "", "install lbsup from this checkout; without it the hosts stay bare")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := lab.Up(ctx, lab.OpenShift(), os.Stdout)
	if err != nil {
		return err
	}
	if *repository != "" {
		err = install(ctx, l, *repository)
	}
	if err == nil {
		l.Keep()
		fmt.Println("lab: the pair runs: loadbalancer-1 and loadbalancer-2, VIPs 172.18.100.100 and 10.131.0.1")
		fmt.Println(readyLine)
		detach()
		<-ctx.Done()
	}
	if down := l.Down(); down != nil {
		return down
	}
	return err
}

// install puts lbsup on both nodes from the tree that a package would carry.
func install(ctx context.Context, l *lab.Lab, repository string) error {
	dir, err := os.MkdirTemp("", "lbsup-package-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	pkg, err := lab.Make(ctx, repository, dir)
	if err != nil {
		return err
	}
	for _, node := range l.Nodes {
		if err := node.Install(ctx, pkg); err != nil {
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
