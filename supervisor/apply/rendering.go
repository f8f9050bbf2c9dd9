package apply

import (
	"bytes"
	"context"
	"fmt"

	"github.com/lbsup/lbsup/render"
	"github.com/lbsup/lbsup/render/cluster"
	"github.com/lbsup/lbsup/render/haproxy"
	"github.com/lbsup/lbsup/render/keepalived"
)

// render asks the installed daemons what they can and renders both configurations for them.
func (a *attempt) render(ctx context.Context) error {
	a.targets = a.newTargets()
	if err := a.renderHAProxy(ctx, a.targets[0]); err != nil {
		return err
	}
	return a.renderKeepalived(ctx, a.targets[1])
}

func (a *attempt) renderHAProxy(ctx context.Context, t *target) error {
	if len(a.local.HAProxy.Files) > 0 {
		t.intent = leave
		return nil
	}
	if err := a.askHAProxy(ctx); err != nil {
		return err
	}
	config, err := haproxy.Render(a.local, a.secrets, a.build)
	if err != nil {
		return err
	}
	t.intent, t.text, t.digest = install, config.Text, config.Digest
	a.noteAll(config.Notes)
	return nil
}

// askHAProxy learns what the installed HAProxy is.
func (a *attempt) askHAProxy(ctx context.Context) error {
	text, err := a.version(ctx, a.HAProxy, "-vv")
	if err != nil {
		return err
	}
	build, err := haproxy.ParseBuild(text)
	if err != nil {
		return err
	}
	a.build, a.report.Version = build, build.Version
	return nil
}

func (a *attempt) renderKeepalived(ctx context.Context, t *target) error {
	text, err := a.version(ctx, a.Keepalived, "-v")
	if err != nil {
		return err
	}
	build, err := keepalived.ParseBuild(text)
	if err != nil {
		return err
	}
	build.Contained = Contained()
	config, err := keepalived.Render(a.local, a.secrets, build)
	if err != nil {
		return err
	}
	t.intent, t.text = install, config.Text
	a.noteAll(config.Notes)
	return nil
}

func (a *attempt) noteAll(notes []render.Note) {
	for _, n := range notes {
		a.note(n.String())
	}
}

// version is what a daemon says about itself.
func (a *attempt) version(ctx context.Context, program, option string) (string, error) {
	exit, err := a.run(ctx, program, option)
	if err != nil {
		return "", err
	}
	if exit.Code != 0 || exit.Signal != 0 {
		a.report.Words = a.mask.words(exit.Output)
		return "", fmt.Errorf("cannot ask %q for its version: it ended with %s", program, exit)
	}
	return exit.Output, nil
}

// understand learns what it takes to tell what a rollback changes. The files of the generation are put back as they are,
// so nothing that fails here keeps anybody from it.
func (a *attempt) understand(ctx context.Context) error {
	if a.local != nil && a.readSecrets(ctx) == nil {
		_ = a.askHAProxy(ctx)
	}
	return nil
}

// explained tells whether the cluster file is all that differs for HAProxy: the one before, rendered today, still gives
// what is installed, and so does that of a generation which is put back. Otherwise a password, the renderer or HAProxy
// itself is another one, or a file beside the configuration, and comparing the two cluster files would not show it.
func (a *attempt) explained() bool {
	if a.local == nil || a.targets[0].intent != install || a.suppliesChanged() && !a.onlyRenewed() || len(a.report.Drifted) > 0 {
		return false
	}
	before := a.before()
	if before == nil {
		return false
	}
	local, err := before.Local(a.base.manifest.Node)
	if err != nil || !a.gives(local, a.base.files[haproxyName]) {
		return false
	}
	return a.request.Kind != Rollback || a.gives(a.local, a.targets[0].text)
}

// gives tells whether a cluster file, rendered today, is this text for HAProxy.
func (a *attempt) gives(local *cluster.Local, text []byte) bool {
	config, err := haproxy.Render(local, a.secrets, a.build)
	return err == nil && bytes.Equal(config.Text, text)
}
