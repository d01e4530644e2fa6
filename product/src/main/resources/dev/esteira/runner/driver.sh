# Runs the items of plan.sh in this one shell: variables, functions and the directory last from one
# command to the next. A command that ends this shell (exit, exec) ends that command alone: the
# supervisor starts the driver again, which takes up what the shell knew when the command began.
__esteira_dir=$1
. "$__esteira_dir/plan.sh"

# A line in the log; not through standard output, which a command may have redirected.
__esteira_say() {
  printf '%s\n' "$1" >>"$__esteira_dir/log"
}

# Goes to the next command that is to run, over the edges of sections; false at the end.
__esteira_next() {
  if [ "$__esteira_open" = 1 ]; then
    __esteira_end 0
  fi
  while :; do
    __esteira_i=$((__esteira_i + 1))
    __esteira_item "$__esteira_i"
    case "$__esteira_kind" in
      section) __esteira_section ;;
      command)
        if [ "$__esteira_runs$__esteira_broken" = 10 ]; then
          __esteira_begin
          return 0
        fi
        ;;
      finally)
        __esteira_section_broken=$__esteira_broken
        __esteira_broken=0
        ;;
      close)
        if [ "$__esteira_broken$__esteira_section_broken$__esteira_goes_on" != 000 ] &&
          [ "$__esteira_goes_on" = 0 ]; then
          __esteira_failed=1
        fi
        ;;
      *) return 1 ;;
    esac
  done
}

__esteira_section() {
  case "$__esteira_condition" in
    SUCCEEDING) __esteira_runs=$((1 - __esteira_failed)) ;;
    IF_BEGAN)
      __esteira_runs=0
      case " $__esteira_began " in *" $__esteira_on "*) __esteira_runs=1 ;; esac
      ;;
    *) __esteira_runs=1 ;;
  esac
  __esteira_broken=0
  __esteira_section_broken=0
  if [ "$__esteira_runs" = 1 ]; then
    __esteira_began="$__esteira_began $__esteira_name"
    if [ -n "$__esteira_title" ]; then
      __esteira_say "$__esteira_title"
    fi
  fi
}

__esteira_begin() {
  __esteira_open=1
  if [ "$__esteira_rule" != WHOLE_SCRIPT ]; then
    CODEBUILD_BUILD_SUCCEEDING=$((1 - __esteira_failed))
    if [ "$__esteira_goes_on" = 0 ] && [ "$__esteira_section_broken" = 1 ]; then
      CODEBUILD_BUILD_SUCCEEDING=0
    fi
    export CODEBUILD_BUILD_SUCCEEDING
  fi
  __esteira_pwd=$(pwd)
  set >|"$__esteira_dir/shell/variables"
  export -p >|"$__esteira_dir/shell/exports"
  printf '%s\n' "$-" >|"$__esteira_dir/shell/options"
  printf 'B %s\n' "$__esteira_step" >>"$__esteira_dir/steps"
  if [ -n "$__esteira_echo" ]; then
    __esteira_say "$__esteira_echo"
  fi
  __esteira_file=$__esteira_dir/commands/$__esteira_step
}

__esteira_end() {
  __esteira_open=0
  if [ "$1" != 0 ]; then
    __esteira_broken=1
    if [ "$__esteira_goes_on" = 0 ] && [ -z "$__esteira_first" ]; then
      __esteira_first="$__esteira_step $1"
    fi
  fi
  printf 'E %s %s\n' "$__esteira_step" "$1" >>"$__esteira_dir/steps"
  return 0
}

# Names of artifacts may hold variables and commands of this shell.
__esteira_expand() {
  (eval "printf '%s\\n' \"$2\"") >|"$__esteira_dir/names/$1"
}

if [ -e "$__esteira_dir/shell/options" ]; then
  . "$__esteira_dir/shell/variables" 2>/dev/null
  . "$__esteira_dir/shell/exports" 2>/dev/null
  cd "$__esteira_pwd"
  if [ "$__esteira_open" = 1 ]; then
    __esteira_end "$2"
  fi
  read -r __esteira_options <"$__esteira_dir/shell/options"
else
  __esteira_i=-1 __esteira_open=0 __esteira_failed=0 __esteira_began='' __esteira_first=''
  __esteira_broken=0 __esteira_section_broken=0 __esteira_runs=0 __esteira_goes_on=0
  __esteira_options=''
fi
shift 2
case "$__esteira_options" in *e*) set -e ;; esac
case "$__esteira_options" in *f*) set -f ;; esac
case "$__esteira_options" in *u*) set -u ;; esac
case "$__esteira_options" in *x*) set -x ;; esac
{ __esteira_over=0; } 2>/dev/null
# The outer loop is for a command that says 'break'.
while { [ "$__esteira_over" = 0 ]; } 2>/dev/null; do
  while { __esteira_next || { __esteira_over=1 && false; }; } 2>/dev/null; do
    . "$__esteira_file"
    { __esteira_end "$?"; } 2>/dev/null
  done
done
{
  set +eu
  __esteira_names
  printf 'X %s %s\n' "$__esteira_failed" "${__esteira_first:--1 0}" >>"$__esteira_dir/steps"
  : >"$__esteira_dir/over"
} 2>/dev/null
exit 0
