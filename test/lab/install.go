package lab

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// Package is what a distribution's package would carry: the tree that `make install DESTDIR=` lays down, and the script that runs after it.
type Package struct {
	Tree        string
	PostInstall string
}

// Make has the Makefile of the repository lay down a package's tree below dir. The programs must be built; other variables of the
// Makefile can be given, such as BUILD=.
func Make(ctx context.Context, repository, dir string, variables ...string) (Package, error) {
	tree := filepath.Join(dir, "tree")
	args := append([]string{"--silent", "-C", repository, "install", "DESTDIR=" + tree}, variables...)
	if err := finish(exec.CommandContext(ctx, "make", args...)); err != nil {
		return Package{}, err
	}
	return Package{Tree: tree, PostInstall: filepath.Join(repository, "packaging/scripts/postinstall.sh")}, nil
}

// Install copies a package's files into the host as a package manager does (files are replaced by rename, directories that
// exist keep their mode and owner) and runs the package's own script.
func (n *Node) Install(ctx context.Context, p Package) error {
	script, err := os.ReadFile(p.PostInstall)
	if err != nil {
		return fmt.Errorf("cannot install on %q: %v", n.Name, err)
	}
	if err := copyTree(p.Tree, n.root); err != nil {
		return fmt.Errorf("cannot install on %q: %v", n.Name, err)
	}
	_, err = n.Script(ctx, string(script), "1") // what RPM says at a first installation
	return err
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return copyEntry(path, filepath.Join(to, relative), entry)
	})
}

func copyEntry(from, to string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	switch {
	case entry.IsDir():
		if err := os.Mkdir(to, info.Mode().Perm()); !errors.Is(err, fs.ErrExist) {
			return err
		}
		return nil
	case info.Mode().IsRegular():
		return copyFile(from, to, info.Mode().Perm())
	case info.Mode().Type() == fs.ModeSymlink:
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		return os.Symlink(target, to)
	}
	return fmt.Errorf("%s is neither file, directory nor link", from)
}

func copyFile(from, to string, mode fs.FileMode) error {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	fresh := to + ".new~"
	file, err := os.OpenFile(fresh, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, source)
	if err := errors.Join(err, file.Chmod(mode), file.Close()); err != nil {
		return err
	}
	return os.Rename(fresh, to)
}
