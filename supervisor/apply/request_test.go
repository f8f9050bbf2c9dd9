package apply

import "testing"

func TestParseRequest(t *testing.T) {
	rows := []struct {
		text string
		want Request
		err  string
	}{
		{"reload", Request{Kind: Reload}, ""},
		{"overwrite", Request{Kind: Overwrite}, ""},
		{"force", Request{Kind: Force}, ""},
		{"rollback-12", Request{Kind: Rollback, Number: 12}, ""},
		{"reload-id-7f3a", Request{Kind: Reload, ID: "7f3a"}, ""},
		{"rollback-12-id-0", Request{Kind: Rollback, Number: 12, ID: "0"}, ""},
		{"reload-id-", Request{}, `cannot understand request "reload-id-": want up to 32 lower-case letters and digits after "-id-"`},
		{"reload-id-A", Request{}, `cannot understand request "reload-id-A": want up to 32 lower-case letters and digits after "-id-"`},
		{"reload-id-1-id-2", Request{}, `cannot understand request "reload-id-1-id-2": want up to 32 lower-case letters and digits after "-id-"`},
		{"x-id-1", Request{}, `cannot understand request "x": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"", Request{}, `cannot understand request "": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"rollback", Request{}, `cannot understand request "rollback": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"Reload", Request{}, `cannot understand request "Reload": want reload, overwrite, force, overwrite-force or rollback-N`},
		{"rollback-", Request{}, `cannot understand request "rollback-": want the number of a generation after "rollback-"`},
		{"rollback-0", Request{}, `cannot understand request "rollback-0": want the number of a generation after "rollback-"`},
		{"rollback-01", Request{}, `cannot understand request "rollback-01": want the number of a generation after "rollback-"`},
		{"rollback-../1", Request{}, `cannot understand request "rollback-../1": want the number of a generation after "rollback-"`},
		{"rollback--1", Request{}, `cannot understand request "rollback--1": want the number of a generation after "rollback-"`},
		{"rollback-99999999999", Request{}, `cannot understand request "rollback-99999999999": want the number of a generation after "rollback-"`},
	}
	for _, row := range rows {
		got, err := ParseRequest(row.text)
		message := ""
		if err != nil {
			message = err.Error()
		}
		if got != row.want || message != row.err {
			t.Errorf("%q: got %+v, %s\nwant %+v, %s", row.text, got, message, row.want, row.err)
		}
		if err == nil && got.Instance() != row.text {
			t.Errorf("%q is written as %q", row.text, got)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, seed := range []string{"reload", "overwrite", "force", "rollback-1", "rollback-01", "rollback-x", "rollback--2", "force-id-1a", "-id-"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if r, err := ParseRequest(text); err == nil && r.Instance() != text {
			t.Errorf("%q came back as %q", text, r)
		}
	})
}
