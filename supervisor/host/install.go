package host

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lbsup/lbsup/render/host"
)

// Installer gives a host what it needs.
type Installer struct {
	Root string                                                         // in front of every path; empty on a host
	Run  func(ctx context.Context, argv ...string) (string, int, error) // a program, what it printed and its exit code; an error where it cannot run
}

// Step is one thing that was looked at.
type Step struct {
	What    string `json:"what"`
	Changed bool   `json:"changed"`
}

// Install brings about what a node needs. What cannot be done is in the error; the other steps are done all the same.
func (i Installer) Install(ctx context.Context, needs host.Needs) ([]Step, error) {
	steps, err := i.sysctls(needs)
	more, err2 := i.firewall(ctx, needs)
	return append(steps, more...), errors.Join(err, err2)
}

// file brings a file about, by rename, and says whether it had to. No text means no file.
func (i Installer) file(path, text string) (bool, error) {
	path = i.Root + path
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && text == "", err == nil && text != "" && bytes.Equal(old, []byte(text)):
		return false, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("cannot read %q: %w", path, plain(err))
	case text == "":
		if err := os.Remove(path); err != nil {
			return false, fmt.Errorf("cannot remove %q: %w", path, plain(err))
		}
		return true, nil
	}
	if err := replace(path, text); err != nil {
		return false, fmt.Errorf("cannot write %q: %w", path, plain(err))
	}
	return true, nil
}

func replace(path, text string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(filepath.Dir(path), ".lbsup-*~") // sysctl and firewalld read *.conf and *.xml alone
	if err != nil {
		return err
	}
	defer os.Remove(fresh.Name())
	_, err = fresh.WriteString(text)
	if err := errors.Join(err, fresh.Chmod(0o644), fresh.Sync(), fresh.Close()); err != nil {
		return err
	}
	return os.Rename(fresh.Name(), path)
}

// sysctls writes the file for the next boot and sets what is not set now.
func (i Installer) sysctls(needs host.Needs) (steps []Step, err error) {
	changed, err := i.file(host.SysctlFile, i.lasting(needs).SysctlText())
	if changed || len(needs.Sysctls) > 0 {
		what := host.SysctlFile
		if len(needs.Sysctls) == 0 {
			what += " removed: no sysctl is needed"
		}
		steps = append(steps, Step{what, changed})
	}
	for _, s := range needs.Sysctls {
		step, setErr := i.set(s)
		if err = errors.Join(err, setErr); setErr == nil {
			steps = append(steps, step)
		}
	}
	return steps, err
}

// lasting are the needs with the lists of the next boot. They have what others put there, too: of the files in sysctl.d the last one that names a
// setting wins, so a list of ours alone would undo theirs. What a later cluster file does not need stays in the list: it may be another's by then.
func (i Installer) lasting(needs host.Needs) host.Needs {
	needs.Sysctls = slices.Clone(needs.Sysctls)
	for at, s := range needs.Sysctls {
		needs.Sysctls[at].Value = s.Wanted(i.setting(s.Path()))
	}
	return needs
}

// setting is what the kernel has now, or nothing.
func (i Installer) setting(path string) string {
	data, _ := os.ReadFile(i.Root + path)
	return strings.TrimSpace(string(data))
}

func (i Installer) set(s host.Sysctl) (Step, error) {
	now := i.setting(s.Path())
	if s.Met(i.setting) {
		return Step{What: fmt.Sprintf("%s = %s", s.Key, now)}, nil
	}
	// Not created: a setting that is not there belongs to an interface, or a kernel, that is not there.
	file, err := os.OpenFile(i.Root+s.Path(), os.O_WRONLY|os.O_TRUNC, 0)
	if err != nil {
		return Step{}, fmt.Errorf("cannot set %s: %w", s.Key, plain(err))
	}
	_, err = file.WriteString(s.Wanted(now))
	if err := errors.Join(err, file.Close()); err != nil {
		return Step{}, fmt.Errorf("cannot set %s: %w", s.Key, plain(err))
	}
	return Step{What: fmt.Sprintf("%s = %s (was %s)", s.Key, s.Wanted(now), now), Changed: true}, nil
}

// plain leaves the path out of an error whose message names it already.
func plain(err error) error {
	if inner := new(fs.PathError); errors.As(err, &inner) {
		return inner.Err
	}
	return err
}
