package supervisor

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
)

// Task is one long-lived goroutine.
type Task struct {
	Name  string
	Run   func(ctx context.Context) error
	Ready <-chan struct{} // closed when the task does its work; nil: at once
}

// runTasks runs every task until the context ends or one of them fails. It calls ready once all of them are.
func runTasks(ctx context.Context, tasks []Task, ready func()) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, task := range tasks {
		group.Go(func() error {
			if err := task.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				return fmt.Errorf("cannot go on without %s: %w", task.Name, err)
			}
			return nil
		})
	}
	group.Go(func() error {
		for _, task := range tasks {
			if task.Ready == nil {
				continue
			}
			select {
			case <-task.Ready:
			case <-ctx.Done():
				return nil
			}
		}
		ready()
		return nil
	})
	return group.Wait()
}
