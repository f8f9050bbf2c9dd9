package trackfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Fault is the number that puts an instance in FAULT.
const Fault = -254

// highest is the largest number that keepalived takes; it ignores a file whose number is out of range.
const highest = 254

// Dir is the directory of the track files. It is made before keepalived starts, by systemd-tmpfiles, and never by this package:
// keepalived watches the directory itself, not its name, and would not notice one that was made anew.
type Dir struct {
	Path string
}

// Write makes the file of an instance hold a value. keepalived sees the rename at once, and never half a number.
// A file that holds the value already is left alone, so that keepalived is not woken for nothing.
func (d Dir) Write(instance string, value int) error {
	if !usable(instance) {
		return fmt.Errorf("cannot write track file %q: the name of the VRRP instance is no file name", instance)
	}
	if value < Fault || value > highest {
		return fmt.Errorf("cannot write track file %q: got %d, want a number from %d to %d", instance, value, Fault, highest)
	}
	path := filepath.Join(d.Path, instance)
	text := strconv.Itoa(value) + "\n"
	if holds(path, text) {
		return nil
	}
	if err := replace(path, text); err != nil {
		return d.explain(instance, err)
	}
	return nil
}

// usable leaves out hidden names too: the temporary files are hidden.
func usable(name string) bool {
	return name != "" && len(name) < 200 && name[0] != '.' && !strings.ContainsAny(name, "/\x00\n")
}

// holds is true of a readable regular file with this text. A symbolic link is not one: keepalived follows it once, at
// its start, and goes on watching where it led.
func holds(path, text string) bool {
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != mode || info.Size() != int64(len(text)) {
		return false
	}
	found, err := os.ReadFile(path)
	return err == nil && string(found) == text
}

func (d Dir) explain(instance string, err error) error {
	cause := err
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		cause = failed.Err
	}
	if _, missing := os.Stat(d.Path); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("cannot write track file %q: directory %s is missing: make it with systemd-tmpfiles --create, then reload keepalived",
			instance, d.Path)
	}
	return fmt.Errorf("cannot write track file %q in %s: %v", instance, d.Path, cause)
}
