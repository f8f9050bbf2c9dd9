package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

const (
	parentDir = "/var/tmp"
	dirPrefix = "lbsup-lab-"
)

// claim is a lab's directory, held by a lock for as long as its owner lives: the kernel drops it however the owner ends, which no
// process ID on disk could promise.
type claim struct {
	dir  string
	id   string
	lock *os.File
}

// Record is what other processes may know of a running lab.
type Record struct {
	ID      string         `json:"id"`
	Owner   int            `json:"owner"`
	Kept    bool           `json:"kept"`    // it outlives the command that built it, and may be taken down by another
	Leaders map[string]int `json:"leaders"` // node → its PID 1, as seen from the machine
}

// newClaim makes and locks a directory. Between the two, another process may sweep it away as one without an owner: then it takes another.
func newClaim() (*claim, error) {
	for tries := 0; ; tries++ {
		dir, err := os.MkdirTemp(parentDir, dirPrefix)
		if err != nil {
			return nil, fmt.Errorf("cannot make a directory for the lab: %v", err)
		}
		lock, err := lockDir(dir)
		if err == nil {
			return &claim{dir: dir, id: filepath.Base(dir)[len(dirPrefix):], lock: lock}, nil
		}
		if tries == 5 {
			return nil, err
		}
	}
}

var errHeld = errors.New("its owner lives")

// lockDir takes the lock of a lab's directory, or says that another process has it.
func lockDir(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot open the lock of lab %q: %w", dir, err)
	}
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("cannot lock lab %q: %w", dir, errHeld)
	}
	return file, nil
}

func (c *claim) namespacePrefix() string { return dirPrefix + c.id + "-" }

func (c *claim) write(r Record) error {
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	temp := filepath.Join(c.dir, "state.new")
	if err := os.WriteFile(temp, data, 0o600); err != nil {
		return fmt.Errorf("cannot write the state of lab %q: %v", c.dir, err)
	}
	return os.Rename(temp, filepath.Join(c.dir, "state.json"))
}

func readRecord(dir string) (Record, error) {
	var r Record
	data, err := os.ReadFile(filepath.Join(dir, "state.json"))
	if err != nil {
		return r, fmt.Errorf("cannot read the state of lab %q: %v", dir, err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("cannot read the state of lab %q: %v", dir, err)
	}
	return r, nil
}

// Kept lists the labs that run to be played with.
func Kept() []Record {
	var kept []Record
	for _, dir := range labDirs() {
		lock, err := lockDir(dir)
		if err == nil {
			lock.Close() // its owner is dead: Sweep's business
			continue
		}
		if r, err := readRecord(dir); err == nil && r.Kept {
			kept = append(kept, r)
		}
	}
	return kept
}

func labDirs() []string {
	dirs, _ := filepath.Glob(filepath.Join(parentDir, dirPrefix+"*")) // the pattern is a constant and good
	return dirs
}
