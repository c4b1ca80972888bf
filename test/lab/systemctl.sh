#!/bin/bash
# Stands in for systemctl where no systemd runs: starts and stops what the unit files of the machine say, and records how it
# was called. /mnt/systemctl.fails has how the next start is to fail: not-found, failed, hangs. Sentences and exit codes are
# those of systemd 252.
set -u
printf '%s\n' "$*" >> /mnt/systemctl.calls
mkdir -p /mnt/units
fails=$(cat /mnt/systemctl.fails 2> /dev/null)

verb='' unit='' now=''
while [ $# -gt 0 ]; do
  case $1 in
    -p) shift ;;
    --now) now=yes ;;
    -*) ;;
    *) if [ -z "$verb" ]; then verb=$1; else unit=${1%.service}.service; fi ;;
  esac
  shift
done

file=
for folder in /lib/systemd/system /etc/systemd/system; do
  [ ! -e "$folder/$unit" ] || file=$folder/$unit
done
[ "$fails" != not-found ] || file=
pid_file=/mnt/units/$unit

command_line() {
  # A variable of the unit's environment file, which nobody has set here.
  sed -n 's/^ExecStart=//p' "$file" | tail -n 1 | sed 's/ \$[A-Z_]*//g'
}

running() {
  pid=$(cat "$pid_file" 2> /dev/null) && kill -0 "$pid" 2> /dev/null
}

refuse() {
  echo "Failed to $verb $unit: Unit $unit not found." >&2
  exit 5
}

ready() {
  case $unit in
    # What its unit waits for (Type=notify) comes about when it answers.
    conntrackd.service) conntrackd -C "${1#* -C }" -s runtime > /dev/null 2>&1 ;;
    *) sleep 0.5 && running ;;
  esac
}

start() {
  ! running || return 0
  [ "$fails" != hangs ] || sleep 1000
  line=$(command_line)
  [ "$fails" != failed ] || line=/bin/false
  # shellcheck disable=SC2086
  setsid $line >> "/mnt/units/$unit.journal" 2>&1 < /dev/null &
  echo $! > "$pid_file"
  until ready "$line"; do
    if ! running; then
      echo "Job for $unit failed because the control process exited with error code." >&2
      echo "See \"systemctl status $unit\" and \"journalctl -xeu $unit\" for details." >&2
      exit 1
    fi
    sleep 0.05
  done
}

stop() {
  running || return 0
  kill "$pid"
  while running; do sleep 0.05; done
}

case $verb in
  show)
    if [ -n "$file" ]; then
      words=$(command_line)
      echo "ExecStart={ path=${words%% *} ; argv[]=$words ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }"
      echo LoadState=loaded
    else
      echo LoadState=not-found
    fi
    ;;
  start | restart | stop | reload)
    [ -n "$file" ] || refuse
    case $verb in
      start) start ;;
      stop) stop ;;
      restart) stop && start ;;
      reload) running && kill -HUP "$pid" ;;
    esac
    ;;
  enable) [ -z "$now" ] || start ;;
  reset-failed | daemon-reload) ;;
  is-active) if running; then echo active; else echo inactive && exit 3; fi ;;
  *) exit 1 ;;
esac
