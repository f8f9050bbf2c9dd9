#compdef lbsup
# Made of the texts of lbsup --help: see cmd/lbsup/completion_test.go.
_lbsup() {
	local state line
	local -a commands=(
		'status:this node at a glance\: who holds the VIPs, why, and what is wrong'
		'check:the checks, or one of them, with the reason for each verdict'
		'doctor:examine this host and its pair; says what is wrong and which command fixes it'
		'why:why a VIP is where it is, or a check says what it says'
		'events:what happened on the nodes, in order'
		'plan:what a reload would do, or a failover, without doing it'
		'reload:make the cluster file live; returns when it is, or is refused'
		'confirm:keep a change that lbsup reload --confirm made live'
		'history:the generations\: what was installed or refused, when, by whom'
		'diff:what differs between a generation'\''s cluster file and the one on disk'
		'rollback:put an earlier generation back'
		'validate:all problems of a cluster file; asks the installed daemons too'
		'render:write what would be installed for a cluster file'
		'schema:the JSON Schema of the cluster file, for editors'
		'host:what the cluster file needs of this host; apply installs it'
		'run:the supervisor itself; lbsup.service starts this'
		'apply:render, validate and install, as root; the supervisor starts this'
		'wire:listen to adverts below the firewall; lbsup-wire.service starts this'
		'orphans:take off VIPs that a dead keepalived left; the supervisor starts this'
		'version:the version of this program'
		'help:what lbsup can do, or what one command does'
	)
	_arguments -C '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '1:command:->command' '*::argument:->argument'
	case $state in
	command) _describe command commands ;;
	argument)
		case $words[1] in
		status) _arguments '--json[everything, for programs; keys are added and never change]' '--watch[shown anew each second, until interrupted]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		check) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		doctor) _arguments '--file=[the cluster FILE, - for standard input; without it, /etc/lbsup/lbsup.yaml]:FILE:_files' '--node=[this host'\''s name in the cluster file; without it, by the host'\''s own name]:name:_files' '--fix[also run the safe fixes, after showing them (root)]' '--json[everything, for programs; keys are added and never change]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		why) _arguments '--at=[why it moved at a time\: 02\:13, "2026-01-02 02\:13\:07", or 20m for 20 minutes ago]:time:_files' '--json[for programs; keys are added and never change]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		events) _arguments '--since=[since a time\: 1h or 7d ago, 02\:13, "2026-01-02 02\:13"]:time:_files' '--follow[go on with what happens, until interrupted]' '--here[what happened on this node alone]' '--json[for programs\: one object a line]' '--kind=[only these\: KINDS with commas between them]:KINDS:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		plan) _arguments '--failover[what happens to the VIPs when something dies, by the cluster file alone]' '--json[for programs]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		reload) _arguments '--overwrite[also put the rendered files over ones that were edited by hand]' '--force[also take away a VIP, or more than half of the servers of a service]' '--confirm=[go back after this time unless lbsup confirm comes first]:time:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		confirm) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		history) _arguments '--json[for programs]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		diff) _arguments '--store=[the directory of the generations]:directory:_files' '--config=[the cluster file]:file:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		rollback) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		validate) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		render) _arguments '--node=[the node to render for, or all; without it, this host]:node:_files' '--out=[write the files to this directory; with --node all, one below it per node]:directory:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		schema) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		host) _arguments '--file=[the cluster FILE, - for standard input; without it, /etc/lbsup/lbsup.yaml]:FILE:_files' '--node=[the node to look at; without it, this host]:node:_files' '--json[everything, for programs; keys are added and never change]' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '*:file:_files' ;;
		run) _arguments '--no-watch[do not apply edits of the cluster file until lbsup reload asks for it]' '--log-format=[the format of the log\: text or json]:format:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		apply) _arguments '--check[do everything but install]' '--request=[the kind\: reload, overwrite\[-force\], force, rollback-N]:kind:_files' '--node=[this host'\''s name in the cluster file; without it, by the host'\''s own name]:name:_files' '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		wire) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		orphans) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		version) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' ;;
		help) _arguments '--socket=[the supervisor'\''s control socket]:socket:_files' '--no-color[no colours, also on a terminal]' '--help[this help]' '1:command:(status check doctor why events plan reload confirm history diff rollback validate render schema host run apply wire orphans version help)' ;;
		esac
		;;
	esac
}
_lbsup "$@"
