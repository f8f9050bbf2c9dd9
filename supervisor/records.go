package supervisor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/lbsup/lbsup/supervisor/state"
	"github.com/lbsup/lbsup/supervisor/status"
)

// records is the supervisor's own memory on disk: what became of each generation, and what keepalived is known to
// run. It is a record, not a source of truth: without it lbsup asks the daemons again.
type records struct{ dir string }

// keptRecords is how many changes are remembered.
const keptRecords = 200

// Keep writes down a change and what keepalived runs since.
func (r records) Keep(c status.Change, k state.Running) error {
	if c.Generation > 0 && c.Outcome != status.Unchanged && c.Request != state.Resume { // these say nothing about who made the generation
		if err := r.write("change-"+strconv.Itoa(c.Generation)+".json", c); err != nil {
			return err
		}
		_ = os.Remove(filepath.Join(r.dir, "change-"+strconv.Itoa(c.Generation-keptRecords)+".json")) // the oldest; often not there
	}
	return r.write("keepalived.json", k)
}

// Change returns what is remembered about a generation.
func (r records) Change(generation int) (status.Change, bool) {
	var c status.Change
	err := r.read("change-"+strconv.Itoa(generation)+".json", &c)
	return c, err == nil
}

// Keepalived returns what keepalived was last known to run.
func (r records) Keepalived() state.Running {
	var k state.Running
	_ = r.read("keepalived.json", &k) // nothing known is the zero value
	return k
}

// Remember keeps a change that waits for its confirmation.
func (r records) Remember(p state.Pending) error { return r.write("pending.json", p) }

// Pending returns the change that waits for its confirmation.
func (r records) Pending() state.Pending {
	var p state.Pending
	_ = r.read("pending.json", &p) // none is the zero value
	return p
}

// Promise keeps a change that has yet to prove itself.
func (r records) Promise(u state.Unproven) error { return r.write("unproven.json", u) }

// Unproven returns the change that has yet to prove itself.
func (r records) Unproven() state.Unproven {
	var u state.Unproven
	_ = r.read("unproven.json", &u) // none is the zero value
	return u
}

func (r records) read(name string, into any) error {
	data, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// write is complete when it returns: what waits for a confirmation must survive a power cut. One goroutine writes, so a name for
// what is not complete yet is enough, and a stop in the middle leaves no more than that.
func (r records) write(name string, what any) error {
	data, err := json.MarshalIndent(what, "", "  ")
	if err != nil {
		return err
	}
	temp := filepath.Join(r.dir, "."+name+".new")
	if err = complete(temp, append(data, '\n')); err == nil {
		err = os.Rename(temp, filepath.Join(r.dir, name))
	}
	if err == nil {
		err = syncDir(r.dir)
	}
	if err != nil {
		if gone := os.Remove(temp); gone != nil && !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		return fmt.Errorf("cannot keep %s: %w", name, err)
	}
	return nil
}

// complete writes a file and waits for the disk.
func complete(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
