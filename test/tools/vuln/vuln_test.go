package vuln

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// database writes one with a single finding: in every version of a module, in some of its functions.
func database(t *testing.T, module, function string) string {
	t.Helper()
	const id, day = "GO-2020-9999", "2020-01-01T00:00:00Z"
	object := func(pairs ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			m[pairs[i].(string)] = pairs[i+1]
		}
		return m
	}
	dir := t.TempDir()
	for name, content := range map[string]any{
		"index/db.json":      object("modified", day),
		"index/modules.json": []any{object("path", module, "vulns", []any{object("id", id, "modified", day)})},
		"index/vulns.json":   []any{object("id", id, "modified", day)},
		"ID/" + id + ".json": object("schema_version", "1.3.1", "id", id, "modified", day, "published", day, "summary", "Made up for a test",
			"details", "Made up for a test.", "database_specific", object("url", "https://example.net/"+id),
			"affected", []any{object(
				"package", object("name", module, "ecosystem", "Go"),
				"ranges", []any{object("type", "SEMVER", "events", []any{object("introduced", "0")})},
				"ecosystem_specific", object("imports", []any{object("path", module, "symbols", []string{function})}))}),
	} {
		data, err := json.Marshal(content)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return "file://" + dir
}

// TestVuln shows that the question can be answered with yes, with no, and not at all, and that the three are told apart.
func TestVuln(t *testing.T) {
	const linked = "go.yaml.in/yaml/v3"
	for _, row := range []struct {
		name, database string
		code           int
		want           string
	}{
		{"a function that is called", database(t, linked, "NewDecoder"), 3, "vuln: error: vulnerabilities are in what is linked"},
		{"a module that is not linked", database(t, "example.org/elsewhere", "NewDecoder"), 0, "vuln: none of the vulnerabilities"},
		{"no database", "file://" + t.TempDir(), 1, "vuln: error: cannot reach the database file://"},
		{"nobody answers", "http://127.0.0.1:1", 1, "vuln: error: cannot reach the database http://127.0.0.1:1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), "test/tools/vuln/vuln.sh", "./render/cluster")
			command.Dir = "../../.."
			command.Env = append(os.Environ(), "VULNDB="+row.database)
			out, _ := command.CombinedOutput()
			if got := command.ProcessState.ExitCode(); got != row.code || !strings.Contains(string(out), row.want) {
				t.Errorf("got %d, want %d with %q:\n%s", got, row.code, row.want, out)
			}
		})
	}
}
