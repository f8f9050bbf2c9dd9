# Made of the texts of lbsup --help: see cmd/lbsup/completion_test.go.
_lbsup() {
	local word=${COMP_WORDS[COMP_CWORD]} command= words= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--socket|--file|--node|--at|--since|--kind|--confirm|--store|--config|--out|--log-format|--request) ((i++)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case ${COMP_WORDS[COMP_CWORD - 1]} in --socket|--file|--node|--at|--since|--kind|--confirm|--store|--config|--out|--log-format|--request) return ;; esac
	case $command:$word in
	:-*) words="--socket --no-color --help" ;;
	:* | help:*) words="status check doctor why events plan reload confirm history diff rollback validate render schema host run apply wire orphans version help" ;;
	status:-*) words="--json --watch --socket --no-color --help" ;;
	check:-*) words="--socket --no-color --help" ;;
	doctor:-*) words="--file --node --fix --json --socket --no-color --help" ;;
	why:-*) words="--at --json --socket --no-color --help" ;;
	events:-*) words="--since --follow --here --json --kind --socket --no-color --help" ;;
	plan:-*) words="--failover --json --socket --no-color --help" ;;
	reload:-*) words="--overwrite --force --confirm --socket --no-color --help" ;;
	confirm:-*) words="--socket --no-color --help" ;;
	history:-*) words="--json --socket --no-color --help" ;;
	diff:-*) words="--store --config --socket --no-color --help" ;;
	rollback:-*) words="--socket --no-color --help" ;;
	validate:-*) words="--socket --no-color --help" ;;
	render:-*) words="--node --out --socket --no-color --help" ;;
	schema:-*) words="--socket --no-color --help" ;;
	host:-*) words="--file --node --json --socket --no-color --help" ;;
	run:-*) words="--no-watch --log-format --socket --no-color --help" ;;
	apply:-*) words="--check --request --node --socket --no-color --help" ;;
	wire:-*) words="--socket --no-color --help" ;;
	orphans:-*) words="--socket --no-color --help" ;;
	version:-*) words="--socket --no-color --help" ;;
	help:-*) words="--socket --no-color --help" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o default -F _lbsup lbsup
