# Completion of ctsync for bash. It starts no program but sed, to list sync groups: nobody is to wait for a key that is
# pressed at night, and no error may be printed into the line. What may stand behind which words is known to _ctsync_place,
# which "ctsync completion bash" adds to this.

_ctsync() {
  local IFS=$' \t\n' words=() cur='' quote='' behind='' next='' flags='' flag='' typed='' word
  COMPREPLY=()
  _ctsync_take_apart "${COMP_LINE:0:COMP_POINT}"
  _ctsync_place ''
  for word in "${words[@]:1}"; do _ctsync_walk "$word"; done
  # Where nothing fits, bash may offer files only where a file is taken.
  compopt +o default 2> /dev/null
  if [[ -n $flag ]]; then
    _ctsync_offer_values "$flag" ''
  elif [[ $cur == --*=* ]]; then
    _ctsync_offer_values "${cur%%=*}" "${cur%%=*}="
  elif [[ $cur == -* ]]; then
    for word in $flags; do _ctsync_offer "${word%%=*}"; done
  elif [[ $behind != none ]]; then
    for word in $next; do _ctsync_offer_word "$word"; done
  fi
} 2> /dev/null

# Takes the line apart as the shell does; what is typed just now is its last word, which may be empty.
_ctsync_take_apart() {
  local rest=$1 char begun=''
  while [[ -n $rest ]]; do
    char=${rest:0:1} rest=${rest:1}
    if [[ -n $quote ]]; then
      if [[ $char == "$quote" ]]; then quote=''; else cur+=$char; fi
    elif [[ $char == "'" || $char == '"' ]]; then
      quote=$char begun=yes
    elif [[ $char == ' ' || $char == $'\t' ]]; then
      [[ -z $cur$begun ]] || words+=("$cur")
      cur='' begun=''
    elif [[ $char == \\ ]]; then
      cur+=${rest:0:1} rest=${rest:1}
    else
      cur+=$char
    fi
  done
}

# One word further: a flag, its value, a word that is known there, or a value, for which `*` stands.
_ctsync_walk() {
  if [[ -n $flag ]]; then
    flag=''
  elif [[ $1 == -* ]]; then
    [[ " $flags " != *" $1="* ]] || flag=$1
  elif [[ $next == @statements ]]; then
    typed+="$1 "
  elif _ctsync_place "${behind:+$behind }$1"; then
    behind=${behind:+$behind }$1
  elif _ctsync_place "$behind *"; then
    behind="$behind *"
  else
    behind=none next=''
  fi
}

_ctsync_offer_values() {
  local value
  for word in $flags; do
    [[ $word == "$1="* ]] || continue
    word=${word#*=}
    for value in ${word//|/ }; do _ctsync_offer_word "$value" "$2"; done
  done
}

_ctsync_offer_word() {
  local word
  case $1 in
    @interfaces) for word in /sys/class/net/*; do _ctsync_offer "${word##*/}"; done ;;
    @sync-groups) _ctsync_offer_groups ;;
    @statements) _ctsync_offer_statements ;;
    @files) compopt -o default ;;
    *) _ctsync_offer "${2-}$1" ;;
  esac
}

_ctsync_offer_groups() {
  local word
  while read -r word; do _ctsync_offer "$word"; done < <(
    sed -n 's/^[[:blank:]]*vrrp_sync_group[[:blank:]]\{1,\}\([^[:blank:]{]*\).*/\1/p' \
      "${CTSYNC_KEEPALIVED_CONFIG:-/etc/keepalived/keepalived.conf}"
  )
}

# What is set now, in the candidate or else in what was committed last: a word or the value of each statement that begins with
# what was typed.
_ctsync_offer_statements() {
  local line words value head='set service conntrack-sync ' file=${CTSYNC_STATE_DIR:-/var/lib/ctsync}/candidate.conf
  [[ -r $file ]] || file=${CTSYNC_CONFIG_DIR:-/etc/ctsync}/conntrack-sync.conf
  while read -r line; do
    [[ $line == "$head"* ]] || continue
    line="${line#"$head"} "
    # A value stands in quotes, at the end; what stands before it are words.
    words=${line%%[\'\"]*}
    value=${line#"$words"}
    if [[ $typed == "$words" ]]; then
      _ctsync_offer "${value:1:${#value}-3}"
    elif [[ $words == "$typed"* ]]; then
      words=${words#"$typed"}
      _ctsync_offer "${words%% *}"
    fi
  done < "$file"
}

# Offers a word where it goes on with what is typed. bash replaces only what stands behind the last `:` or `=`.
_ctsync_offer() {
  local word=$1 kept='' each
  [[ -n $word && $word == "$cur"* ]] || return 0
  if [[ -z $quote && ${COMP_WORDBREAKS-} == *:* ]]; then kept=${cur%"${cur##*[:=]}"}; fi
  word=${word#"$kept"}
  if [[ -z $quote && $word == *\'* ]]; then
    word="\"$word\""
  elif [[ -z $quote && $word == *' '* ]]; then
    word="'$word'"
  fi
  for each in "${COMPREPLY[@]}"; do [[ $each != "$word" ]] || return 0; done
  COMPREPLY+=("$word")
}

complete -F _ctsync ctsync
