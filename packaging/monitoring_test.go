package packaging

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/lbsup/lbsup/test/need"
)

// promtool is Prometheus' own checker, from PATH or from where make setup has put it.
func promtool(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("promtool"); err == nil {
		return path
	}
	path, err := filepath.Abs("../bin/.tools/promtool")
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(path)
	need.That(t, err == nil, "promtool: make setup-page installs it")
	return path
}

func TestAlertRules(t *testing.T) {
	tool := promtool(t)
	for _, arguments := range [][]string{{"check", "rules", "--lint=all", "--lint-fatal", "lbsup.rules.yml"}, {"test", "rules", "lbsup.test.yml"}} {
		command := exec.Command(tool, arguments...)
		command.Dir = "prometheus"
		if out, err := command.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(arguments, " "), err, out)
		}
	}
}

// A rule that cannot be read is refused: the check above checks something.
func TestBrokenAlertRule(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bad.yml")
	if err := os.WriteFile(file, []byte("groups: [{name: x, rules: [{alert: A, expr: \"sum(\"}]}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(promtool(t), "check", "rules", file).CombinedOutput(); err == nil {
		t.Errorf("it was accepted: %s", out)
	}
}

// metricNames finds the metrics of lbsup in an expression.
var metricNames = regexp.MustCompile(`\blbsup_[a-z_]+\b`)

// existing are the names of the families that lbsup has, from the source that makes them; a histogram has three more.
func existing(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, name := range []string{"families.go", "tally.go"} {
		text, err := os.ReadFile(filepath.Join("../supervisor/metrics", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?:family\(|counters\(|Name: +)"([a-z_]+)"`).FindAllStringSubmatch(string(text), -1) {
			for _, end := range []string{"", "_bucket", "_sum", "_count"} {
				all["lbsup_"+found[1]+end] = true
			}
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d names found: this test looks for the wrong thing", len(all))
	}
	return all
}

// Every metric that an alert or a panel names is one that lbsup has.
func TestMetricsThatAreNamed(t *testing.T) {
	have := existing(t)
	for _, file := range []string{"prometheus/lbsup.rules.yml", "prometheus/lbsup.test.yml", "grafana/lbsup.json"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		names := metricNames.FindAllString(string(text), -1)
		if len(names) < 5 {
			t.Errorf("%s names %d metrics", file, len(names))
		}
		for _, name := range names {
			if !have[name] {
				t.Errorf("%s names %s, which there is not", file, name)
			}
		}
	}
}

// Every alert says what is wrong and what to do, and how urgent it is.
func TestAlertsTellWhatToDo(t *testing.T) {
	text, err := os.ReadFile("prometheus/lbsup.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct {
				Alert               string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, rule := range file.Groups[0].Rules {
		if !regexp.MustCompile(`^(critical|warning|info)$`).MatchString(rule.Labels["severity"]) || rule.Annotations["summary"] == "" || rule.Annotations["description"] == "" {
			t.Errorf("%s: got %v, %v", rule.Alert, rule.Labels, rule.Annotations)
		}
	}
}

func TestDashboard(t *testing.T) {
	text, err := os.ReadFile("grafana/lbsup.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct {
		UID    string
		Panels []struct {
			ID      int
			Title   string
			Type    string
			GridPos struct{ X, Y, W, H int }
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	for _, p := range d.Panels {
		if ids[p.ID] || p.Title == "" || p.Type != "row" && len(p.Targets) == 0 {
			t.Errorf("panel %d %q has no place of its own, no title or nothing to show", p.ID, p.Title)
		}
		ids[p.ID] = true
		for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
			for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
				if other := taken[[2]int{x, y}]; other != "" || x >= 24 {
					t.Fatalf("panel %q lies on %q, or beyond the edge", p.Title, other)
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
	}
	checkExpressions(t, text)
}

// checkExpressions has promtool read every expression of the dashboard, as a rule of its own.
func checkExpressions(t *testing.T, text []byte) {
	t.Helper()
	fixed := strings.NewReplacer("$__rate_interval", "5m", "$__range", "1h", "$node", ".*", "$cluster", ".*")
	var rules strings.Builder
	rules.WriteString("groups:\n- name: dashboard\n  rules:\n")
	for n, found := range regexp.MustCompile(`"expr": ("(?:[^"\\]|\\.)*")`).FindAllSubmatch(text, -1) {
		var expression string
		if err := json.Unmarshal(found[1], &expression); err != nil {
			t.Fatal(err)
		}
		line, err := json.Marshal(fixed.Replace(expression))
		if err != nil {
			t.Fatal(err)
		}
		rules.WriteString("  - {record: \"panel:" + strings.Repeat("x", n+1) + "\", expr: " + string(line) + "}\n")
	}
	file := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(file, []byte(rules.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(promtool(t), "check", "rules", file).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
