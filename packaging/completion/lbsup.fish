# Made of the texts of lbsup --help: see cmd/lbsup/completion_test.go.
function __lbsup_command
	set -l value false
	for word in (commandline -opc)[2..]
		if $value
			set value false
			continue
		end
		switch $word
			case --socket --file --node --at --since --kind --confirm --store --config --out --log-format --request
				set value true
			case '-*'
			case '*'
				echo $word
				return
		end
	end
end
complete -c lbsup -f
complete -c lbsup -l socket -r -d 'the supervisor\'s control socket'
complete -c lbsup -l no-color -d 'no colours, also on a terminal'
complete -c lbsup -l help -d 'this help'
complete -c lbsup -n 'test -z (__lbsup_command)' -a status -d 'this node at a glance: who holds the VIPs, why, and what is wrong'
complete -c lbsup -n 'string match -q status (__lbsup_command)' -l json -d 'everything, for programs; keys are added and never change'
complete -c lbsup -n 'string match -q status (__lbsup_command)' -l watch -d 'shown anew each second, until interrupted'
complete -c lbsup -n 'test -z (__lbsup_command)' -a check -d 'the checks, or one of them, with the reason for each verdict'
complete -c lbsup -n 'test -z (__lbsup_command)' -a doctor -d 'examine this host and its pair; says what is wrong and which command fixes it'
complete -c lbsup -n 'string match -q doctor (__lbsup_command)' -l file -r -d 'the cluster FILE, - for standard input; without it, /etc/lbsup/lbsup.yaml'
complete -c lbsup -n 'string match -q doctor (__lbsup_command)' -l node -r -d 'this host\'s name in the cluster file; without it, by the host\'s own name'
complete -c lbsup -n 'string match -q doctor (__lbsup_command)' -l fix -d 'also run the safe fixes, after showing them (root)'
complete -c lbsup -n 'string match -q doctor (__lbsup_command)' -l json -d 'everything, for programs; keys are added and never change'
complete -c lbsup -n 'string match -q doctor (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a why -d 'why a VIP is where it is, or a check says what it says'
complete -c lbsup -n 'string match -q why (__lbsup_command)' -l at -r -d 'why it moved at a time: 02:13, "2026-01-02 02:13:07", or 20m for 20 minutes ago'
complete -c lbsup -n 'string match -q why (__lbsup_command)' -l json -d 'for programs; keys are added and never change'
complete -c lbsup -n 'test -z (__lbsup_command)' -a events -d 'what happened on the nodes, in order'
complete -c lbsup -n 'string match -q events (__lbsup_command)' -l since -r -d 'since a time: 1h or 7d ago, 02:13, "2026-01-02 02:13"'
complete -c lbsup -n 'string match -q events (__lbsup_command)' -l follow -d 'go on with what happens, until interrupted'
complete -c lbsup -n 'string match -q events (__lbsup_command)' -l here -d 'what happened on this node alone'
complete -c lbsup -n 'string match -q events (__lbsup_command)' -l json -d 'for programs: one object a line'
complete -c lbsup -n 'string match -q events (__lbsup_command)' -l kind -r -d 'only these: KINDS with commas between them'
complete -c lbsup -n 'test -z (__lbsup_command)' -a plan -d 'what a reload would do, or a failover, without doing it'
complete -c lbsup -n 'string match -q plan (__lbsup_command)' -l failover -d 'what happens to the VIPs when something dies, by the cluster file alone'
complete -c lbsup -n 'string match -q plan (__lbsup_command)' -l json -d 'for programs'
complete -c lbsup -n 'string match -q plan (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a reload -d 'make the cluster file live; returns when it is, or is refused'
complete -c lbsup -n 'string match -q reload (__lbsup_command)' -l overwrite -d 'also put the rendered files over ones that were edited by hand'
complete -c lbsup -n 'string match -q reload (__lbsup_command)' -l force -d 'also take away a VIP, or more than half of the servers of a service'
complete -c lbsup -n 'string match -q reload (__lbsup_command)' -l confirm -r -d 'go back after this time unless lbsup confirm comes first'
complete -c lbsup -n 'test -z (__lbsup_command)' -a confirm -d 'keep a change that lbsup reload --confirm made live'
complete -c lbsup -n 'test -z (__lbsup_command)' -a history -d 'the generations: what was installed or refused, when, by whom'
complete -c lbsup -n 'string match -q history (__lbsup_command)' -l json -d 'for programs'
complete -c lbsup -n 'test -z (__lbsup_command)' -a diff -d 'what differs between a generation\'s cluster file and the one on disk'
complete -c lbsup -n 'string match -q diff (__lbsup_command)' -l store -r -d 'the directory of the generations'
complete -c lbsup -n 'string match -q diff (__lbsup_command)' -l config -r -d 'the cluster file'
complete -c lbsup -n 'string match -q diff (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a rollback -d 'put an earlier generation back'
complete -c lbsup -n 'test -z (__lbsup_command)' -a validate -d 'all problems of a cluster file; asks the installed daemons too'
complete -c lbsup -n 'string match -q validate (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a render -d 'write what would be installed for a cluster file'
complete -c lbsup -n 'string match -q render (__lbsup_command)' -l node -r -d 'the node to render for, or all; without it, this host'
complete -c lbsup -n 'string match -q render (__lbsup_command)' -l out -r -d 'write the files to this directory; with --node all, one below it per node'
complete -c lbsup -n 'string match -q render (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a schema -d 'the JSON Schema of the cluster file, for editors'
complete -c lbsup -n 'test -z (__lbsup_command)' -a host -d 'what the cluster file needs of this host; apply installs it'
complete -c lbsup -n 'string match -q host (__lbsup_command)' -l file -r -d 'the cluster FILE, - for standard input; without it, /etc/lbsup/lbsup.yaml'
complete -c lbsup -n 'string match -q host (__lbsup_command)' -l node -r -d 'the node to look at; without it, this host'
complete -c lbsup -n 'string match -q host (__lbsup_command)' -l json -d 'everything, for programs; keys are added and never change'
complete -c lbsup -n 'string match -q host (__lbsup_command)' -F
complete -c lbsup -n 'test -z (__lbsup_command)' -a run -d 'the supervisor itself; lbsup.service starts this'
complete -c lbsup -n 'string match -q run (__lbsup_command)' -l no-watch -d 'do not apply edits of the cluster file until lbsup reload asks for it'
complete -c lbsup -n 'string match -q run (__lbsup_command)' -l log-format -r -d 'the format of the log: text or json'
complete -c lbsup -n 'test -z (__lbsup_command)' -a apply -d 'render, validate and install, as root; the supervisor starts this'
complete -c lbsup -n 'string match -q apply (__lbsup_command)' -l check -d 'do everything but install'
complete -c lbsup -n 'string match -q apply (__lbsup_command)' -l request -r -d 'the kind: reload, overwrite[-force], force, rollback-N'
complete -c lbsup -n 'string match -q apply (__lbsup_command)' -l node -r -d 'this host\'s name in the cluster file; without it, by the host\'s own name'
complete -c lbsup -n 'test -z (__lbsup_command)' -a wire -d 'listen to adverts below the firewall; lbsup-wire.service starts this'
complete -c lbsup -n 'test -z (__lbsup_command)' -a orphans -d 'take off VIPs that a dead keepalived left; the supervisor starts this'
complete -c lbsup -n 'test -z (__lbsup_command)' -a version -d 'the version of this program'
complete -c lbsup -n 'test -z (__lbsup_command)' -a help -d 'what lbsup can do, or what one command does'
complete -c lbsup -n 'string match -q help (__lbsup_command)' -a 'status check doctor why events plan reload confirm history diff rollback validate render schema host run apply wire orphans version help'
