package trackfile

import (
	"errors"
	"os"
	"path/filepath"
)

// mode lets keepalived's own user read the file, whatever the umask of the unit says.
const mode os.FileMode = 0o644

// replace writes beside the file and renames over it. Nothing is synced to a disk: /run has none, and after a crash of the
// host the number is worked out anew. The temporary name is always the same, because there is one writer, so a leftover
// of a killed one is used up by the next.
func replace(path, text string) error {
	temporary := filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".new")
	if err := write(temporary, text); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

func write(path, text string) error {
	_ = os.Remove(path) // a leftover, or a link that leads elsewhere
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, wrote := file.WriteString(text)
	return errors.Join(wrote, file.Chmod(mode), file.Close())
}
