package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/lbsup/lbsup/test/bench/cost"
	"github.com/lbsup/lbsup/test/bench/soak"
	"github.com/lbsup/lbsup/test/bench/standin"
)

// insideCommand is what the benchmarks run inside a host.
func insideCommand(ctx context.Context, args []string) error {
	switch {
	case len(args) > 2 && args[0] == "spawn":
		return spawn(ctx, args[1], args[2:])
	case len(args) == 1 && args[0] == "fill-memory":
		soak.FillMemory(ctx)
		return nil
	case len(args) == 3 && args[0] == "track-process":
		return standin.Follow(ctx, args[1], args[2])
	}
	return errors.New("cannot run inside: want spawn N COMMAND…, fill-memory, or track-process NAME FILE")
}

func spawn(ctx context.Context, times string, texts []string) error {
	n, err := strconv.Atoi(times)
	if err != nil || n < 1 {
		return fmt.Errorf("cannot spawn: got %q, want a number of runs", times)
	}
	var commands [][]string
	for _, text := range texts {
		commands = append(commands, strings.Fields(text))
	}
	spent, err := cost.Spawn(ctx, n, commands)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(spent)
}
