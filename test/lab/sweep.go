package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Sweep removes what labs left behind whose owner is dead, and leaves living ones alone.
func Sweep(ctx context.Context, log io.Writer) error {
	var problems []error
	for _, dir := range labDirs() {
		lock, err := lockDir(dir)
		if errors.Is(err, errHeld) || errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			problems = append(problems, err)
			continue
		}
		fmt.Fprintf(log, "lab: removing what a dead owner left in %s\n", dir)
		problems = append(problems, remove(ctx, dir))
		lock.Close()
	}
	return errors.Join(problems...)
}

// remove takes down everything that carries a lab's name, in the order in which one thing holds the next: processes, mounts, namespaces,
// cgroups, directory. It works from names alone, so that it also serves a lab that was only half built.
func remove(ctx context.Context, dir string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	prefix := filepath.Base(dir) + "-"
	namespaces, _ := filepath.Glob("/run/netns/" + prefix + "*")
	// What still runs keeps its names, so that the next sweep finds it.
	if err := killAll(ctx, dir, namespaces); err != nil {
		return err
	}
	if err := unmountAll(dir); err != nil {
		return err
	}
	var problems []error
	for _, namespace := range namespaces {
		problems = append(problems, ip(ctx, "netns", "del", filepath.Base(namespace)))
	}
	problems = append(problems, removeCgroups(prefix))
	if err := errors.Join(problems...); err != nil {
		return err
	}
	return removeTree(ctx, dir)
}

// removeTree removes a directory in which the kernel may still finish what dead processes had begun: a file that appears behind the back
// of the removal leaves its directory not empty.
func removeTree(ctx context.Context, dir string) error {
	for {
		err := os.RemoveAll(dir)
		if !errors.Is(err, unix.ENOTEMPTY) && !errors.Is(err, unix.EBUSY) {
			return err
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// killAll ends the lab's containers and whoever else stands in its namespaces, except this process, and waits until they are gone.
func killAll(ctx context.Context, dir string, namespaces []string) error {
	for {
		pids := containers(dir)
		for _, namespace := range namespaces {
			pids = append(pids, inNamespace(ctx, filepath.Base(namespace))...)
		}
		pids = slices.DeleteFunc(pids, func(pid int) bool { return pid == os.Getpid() })
		if len(pids) == 0 {
			return nil
		}
		for _, pid := range pids {
			_ = unix.Kill(pid, unix.SIGKILL) // gone already is as good
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("cannot end the processes %v of lab %q: %v", pids, dir, ctx.Err())
		}
	}
}

// containers are the systemd-nspawn processes whose root is in the lab's directory. They stand outside of its namespaces.
func containers(dir string) []int {
	var pids []int
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil || !bytes.HasPrefix(data, []byte("systemd-nspawn\x00")) {
			continue
		}
		if bytes.Contains(data, []byte("\x00--directory="+dir+"/")) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}

func inNamespace(ctx context.Context, namespace string) []int {
	out, err := exec.CommandContext(ctx, "ip", "netns", "pids", namespace).Output()
	if err != nil {
		return nil // the namespace is gone
	}
	var pids []int
	for _, field := range strings.Fields(string(out)) {
		if pid, err := strconv.Atoi(field); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}
