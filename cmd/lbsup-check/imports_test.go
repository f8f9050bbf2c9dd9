package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// TestImports keeps the program small; doc.go has the figures. It also reads every source file, without which "go test" would not
// know that the program it has built depends on them, and would remember old results.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("found no source files: ", err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imported := range parsed.Imports {
			if path := imported.Path.Value; !strings.HasSuffix(file, "_test.go") && path != `"syscall"` && path != `"unsafe"` {
				t.Errorf("%s imports %s, want syscall and unsafe only", file, path)
			}
		}
	}
}
