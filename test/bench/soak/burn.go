package soak

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/lbsup/lbsup/test/bench/pair"
	"github.com/lbsup/lbsup/test/lab"
)

const (
	block      = 1 << 20
	diskBlocks = 64 // of a file on the machine's own disk
	// memoryBlocks are what each host fills and frees, again and again.
	memoryBlocks = 256
	page         = 4096
)

// FillMemory touches every page of a lot of memory and gives it back, until the time is up.
func FillMemory(ctx context.Context) {
	for ctx.Err() == nil {
		blocks := make([][]byte, 0, memoryBlocks)
		for len(blocks) < memoryBlocks && ctx.Err() == nil {
			b := make([]byte, block)
			for i := 0; i < len(b); i += page {
				b[i] = 1
			}
			blocks = append(blocks, b)
		}
		runtime.GC()
	}
}

// writeDisk writes a file on the machine's disk and has every block reach it, until the time is up.
func writeDisk(ctx context.Context) (err error) {
	file, err := os.CreateTemp("/var/tmp", "lbsup-soak-")
	if err != nil {
		return fmt.Errorf("cannot write the disk: %v", err)
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	data := make([]byte, block)
	for i := 0; ctx.Err() == nil; i = (i + 1) % diskBlocks {
		if _, err := file.WriteAt(data, int64(i)*block); err != nil {
			return fmt.Errorf("cannot write the disk: %v", err)
		}
		if err := file.Sync(); err != nil {
			return fmt.Errorf("cannot write the disk: %v", err)
		}
	}
	return nil
}

// burn starts the load inside a host: a busy loop for each core, and one that fills memory. The units end by themselves, whatever becomes of this program.
func burn(ctx context.Context, node *lab.Node, atMost time.Duration) error {
	limit := fmt.Sprintf("RuntimeMaxSec=%d", int(atMost.Seconds()))
	start := func(name string, argv ...string) error {
		args := append([]string{"systemd-run", "--quiet", "--collect", "--unit", name, "--property", limit}, argv...)
		_, err := node.Run(ctx, args...)
		return err
	}
	for i := range runtime.NumCPU() {
		if err := start(fmt.Sprintf("soak-core-%d", i), "/bin/sh", "-c", "while :; do :; done"); err != nil {
			return err
		}
	}
	return start("soak-memory", pair.Tool, "inside", "fill-memory")
}

func douse(ctx context.Context, node *lab.Node) error {
	_, err := node.Run(ctx, "systemctl", "stop", "soak-*")
	return err
}
