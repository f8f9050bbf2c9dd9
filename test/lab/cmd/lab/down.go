package main

import (
	"context"
	"fmt"
	"os"
	"syscall"
	"time"

	"github.com/lbsup/lbsup/test/lab"
)

const downLimit = 30 * time.Second

// down asks the owners of kept labs to end, waits for them, and sweeps up after those that could not.
func down([]string) error {
	ctx, cancel := context.WithTimeout(context.Background(), downLimit)
	defer cancel()
	for _, kept := range lab.Kept() {
		fmt.Printf("lab: ending the lab of process %d\n", kept.Owner)
		if err := syscall.Kill(kept.Owner, syscall.SIGTERM); err != nil {
			return fmt.Errorf("cannot end process %d: %v", kept.Owner, err)
		}
	}
	for len(lab.Kept()) > 0 {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("the lab's owner does not end")
		}
	}
	return lab.Sweep(ctx, os.Stdout)
}
