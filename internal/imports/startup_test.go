package imports

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestNothingCompiledAtStart: every command waits for what its packages do
// before main, so no regular expression is compiled there (internal/pattern
// holds them until they are used), and no cause is looked up, for which all
// causes are read.
func TestNothingCompiledAtStart(t *testing.T) {
	seen := 0
	for _, folder := range []string{"cli", "app", "oauth", "mailtest", "internal", "assets"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			seen++
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, path, nil, 0)
			if err != nil {
				return err
			}
			for _, call := range callsAtStart(file) {
				f, ok := call.Fun.(*ast.SelectorExpr)
				if !ok {
					continue
				}
				of, _ := f.X.(*ast.Ident)
				if strings.HasPrefix(f.Sel.Name, "MustCompile") || of != nil && of.Name == "diagnosis" && f.Sel.Name == "New" {
					t.Errorf("%s: done before main", fset.Position(call.Pos()))
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 100 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// callsAtStart are the calls in a file's variables, outside of functions.
func callsAtStart(file *ast.File) (calls []*ast.CallExpr) {
	for _, d := range file.Decls {
		if d, ok := d.(*ast.GenDecl); ok {
			ast.Inspect(d, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					calls = append(calls, call)
				}
				_, isFunction := n.(*ast.FuncLit)
				return !isFunction
			})
		}
	}
	return calls
}
