
# At the first installation, with 1 from rpm and "configure" without a version from dpkg. Nothing is changed and nothing started: so say what comes next.
case "$1:${2:-}" in
1: | configure:)
	if [ ! -e /etc/lbsup/lbsup.yaml ]; then
		echo "lbsup: the next step is one file, /etc/lbsup/lbsup.yaml: see lbsup.yaml(5) and /usr/share/doc/lbsup/examples."
		echo "lbsup: then: lbsup validate && systemctl enable --now haproxy keepalived lbsup"
		if [ -e /etc/keepalived/keepalived.conf ]; then
			echo "lbsup: the haproxy.cfg and keepalived.conf of this host stay as they are until then. On a pair that serves, follow MOVING A PAIR OVER in man lbsup."
		fi
	fi
	;;
esac
