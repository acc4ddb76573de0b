#!/bin/sh
# totpd's client for a shell with socat: copy this one file. Every failure is a no.
#
#     if totpd.sh /run/totpd/totpd.sock "$user_id" "$code"; then …   # prints yes or no as well
#     echo '{"op":"status","user":"42"}' | totpd.sh /run/totpd/totpd.sock
#
# A shell has no JSON, so a reply has to match the grammar below from its first character to its
# last. Only "ok":true is a yes. What a person typed goes into a request only after a check.
set -u
export LC_ALL=C

socket=${1-}
timeout=${TOTPD_TIMEOUT:-5}
reply_bytes_max=1048576

random() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }

# The JSON that totpd writes: objects of texts, numbers and truths, in lists or in one another, and
# no space between them.
text='"([^"\\[:cntrl:]]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"'
plain="($text|-?[0-9]{1,18}|true|false)"
flat="\\{(\"[a-z_]+\":$plain(,\"[a-z_]+\":$plain)*)?\\}"
item="($plain|$flat)"
value="($item|\\[($item(,$item)*)?\\])"

# Is this line, of a reply to request $2, a yes or a no? $1 is the line, with its end.
is_reply() {
    case $1 in
    *,\"ok\":*,\"ok\":* | *,\"id\":*) return 1 ;;
    esac
    printf '%s' "$1" | grep -aEqx "\\{\"id\":\"$2\",\"ok\":(true|false)(,\"[a-z_]+\":$value)*\\}" &&
        [ "$(printf '%s' "$1" | wc -l)" = 1 ]
}

# Sends a request, $1, as request number $2, and prints the line that comes back, with its end. A
# NUL would be lost in a variable, and what is left might be a yes: it becomes another character.
exchange() {
    printf '{"id":"%s",%s\n' "$2" "${1#\{}" |
        timeout "$timeout" socat -t "$timeout" - UNIX-CONNECT:"$socket" 2>/dev/null |
        head -c "$reply_bytes_max" | tr '\000' '\001'
}

# Prints the reply to a request, $1, and is true if it is a yes. $2: how often it may be asked.
ask() {
    tries=$2
    while [ "$tries" -gt 0 ]; do
        tries=$((tries - 1))
        number=$(random 8)
        # The character behind the line keeps its end, which $() would cut off.
        line=$(exchange "$1" "$number"; echo .)
        line=${line%.}
        if is_reply "$line" "$number"; then
            printf '%s' "$line"
            case $line in
            "{\"id\":\"$number\",\"ok\":true"[,}]*) return 0 ;;
            esac
            return 1
        fi
    done
    echo '{"ok":false,"error":"unavailable"}'
    return 1
}

# Is this the code, $2, of the user, $1, for the first time? After a lost reply it asks once more.
verify() {
    case $1$2 in
    *[!0-9A-Za-z@._\ -]*) echo no && return 1 ;;
    esac
    # The attempt goes to totpd alone: whoever has it and the code gets the same answer.
    request="{\"op\":\"verify\",\"user\":\"$1\",\"code\":\"$2\",\"attempt\":\"$(random 16)\"}"
    if ask "$request" 2 >/dev/null; then echo yes; else echo no && return 1; fi
}

case $# in
3) verify "$2" "$3" ;;
1)
    while IFS= read -r request; do
        ask "$request" 1 || continue
    done
    ;;
*)
    echo "usage: totpd.sh SOCKET [USER CODE]" >&2
    exit 2
    ;;
esac
