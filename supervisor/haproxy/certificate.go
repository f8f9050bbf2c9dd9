package haproxy

import (
	"context"
	"fmt"
	"strings"
)

// Certificates asks for the certificates that HAProxy has loaded.
func (r Runtime) Certificates(ctx context.Context) ([]Certificate, error) {
	text, err := ask(ctx, r.Socket, "show ssl cert", statLimit)
	if err != nil {
		return nil, err
	}
	var all []Certificate
	for _, file := range certificateFiles(text) {
		c, err := r.Certificate(ctx, file)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// Certificate asks for one certificate.
func (r Runtime) Certificate(ctx context.Context, file string) (Certificate, error) {
	if err := harmless(file); err != nil {
		return Certificate{}, err
	}
	text, err := ask(ctx, r.Socket, "show ssl cert "+file, infoLimit)
	if err != nil {
		return Certificate{}, err
	}
	if !strings.Contains(text, "Filename: ") {
		return Certificate{}, fmt.Errorf("cannot find certificate %q in HAProxy: it says %q", file, bounded(text))
	}
	return ParseCertificate(text)
}

// SetCertificate gives HAProxy the new contents of a certificate file that its configuration names, with the private key and the
// chain. New connections get it; those that exist stay as they are. What HAProxy says that it has now is compared with it.
//
// The file is set on one connection and committed on another: on one connection HAProxy 3.x drops the commit. Whatever fails
// before the commit is taken back, and HAProxy has the certificate that it had.
func (r Runtime) SetCertificate(ctx context.Context, file string, contents []byte) (Certificate, error) {
	if err := harmless(file); err != nil {
		return Certificate{}, err
	}
	payload, fingerprint, err := payloadOf(contents)
	if err != nil {
		return Certificate{}, refusal(file, err.Error())
	}
	if err := r.stageCertificate(ctx, file, payload); err != nil {
		return Certificate{}, err
	}
	words, err := r.say(ctx, file, "commit ssl cert "+file)
	if err == nil && !strings.Contains(words, "Success!") {
		err = refusal(file, words)
	}
	if err != nil {
		r.abort(ctx, file)
		return Certificate{}, err
	}
	now, err := r.Certificate(ctx, file)
	if err != nil {
		return Certificate{}, err
	}
	if now.Fingerprint != fingerprint {
		return now, refusal(file, fmt.Sprintf("it has the one with fingerprint %s, not %s", now.Fingerprint, fingerprint))
	}
	return now, nil
}

// stageCertificate begins the transaction that a commit ends. One that somebody else has begun for another file is not touched.
func (r Runtime) stageCertificate(ctx context.Context, file, payload string) error {
	words, err := r.say(ctx, file, "set ssl cert "+file+" <<\n"+payload)
	for line := range strings.Lines(payload) { // whatever it says, no line of a key
		if strings.Contains(words, strings.TrimSpace(line)) {
			words = ""
		}
	}
	if err != nil {
		r.abort(ctx, file)
		return err
	}
	if !strings.Contains(words, "Transaction created") && !strings.Contains(words, "Transaction updated") {
		return refusal(file, words)
	}
	return nil
}

// abort ends a transaction, also where the time of the change is up.
func (r Runtime) abort(ctx context.Context, file string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readBackLimit)
	defer cancel()
	_, _ = r.say(ctx, file, "abort ssl cert "+file) // that there is none is what it is for
}

// say gives a command about a certificate. Its error does not repeat the command, which may hold a private key.
func (r Runtime) say(ctx context.Context, file, command string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	words, err := exchange(ctx, r.Socket, command, infoLimit)
	if err != nil {
		return "", fmt.Errorf("cannot change HAProxy's certificate %q through %q: %w", file, r.Socket, plain(ctx, err))
	}
	return words, nil
}

// refusal is what HAProxy says, on one line.
func refusal(file, words string) error {
	words = strings.Join(strings.Fields(bounded(words)), " ")
	return fmt.Errorf("cannot change HAProxy's certificate %q at run time: %s", file, words)
}

// harmless refuses the name of a file that would be more than one word of a command.
func harmless(file string) error {
	if !strings.HasPrefix(file, "/") || strings.Trim(file, safe) != "" {
		return fmt.Errorf("cannot name certificate %q to HAProxy at run time: want an absolute path of letters, digits and %q", file, "-_.:,/@%+=()[]")
	}
	return nil
}
