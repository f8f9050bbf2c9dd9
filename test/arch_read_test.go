package test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

func read(files *token.FileSet, path string) (source, error) {
	parsed, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	relative := strings.TrimPrefix(filepath.ToSlash(path), "../")
	where := func(node ast.Node) string { return fmt.Sprintf("%s:%d", relative, files.Position(node.Pos()).Line) }
	s := source{pkg: filepath.ToSlash(filepath.Dir(relative))}
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, use{what: strings.TrimPrefix(name, module), where: where(spec)})
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok {
				s.calls = append(s.calls, use{what: pkg.Name + "." + selector.Sel.Name, where: where(node)})
			}
		}
		return true
	})
	return s, nil
}
