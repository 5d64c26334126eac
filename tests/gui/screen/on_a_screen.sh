#!/bin/sh
# Runs a program on a screen, under a window manager and with a session bus, all of its own:
# on_a_screen.sh PROGRAM [ARGUMENT ...]. Ends with 77, and says so, where something for that is not
# installed.
skip() {
  echo "skipped: $1 is not installed"
  exit 77
}
for tool in Xvfb openbox dbus-run-session; do
  command -v "$tool" >/dev/null || skip "$tool"
done
[ -e /usr/share/dbus-1/services/org.a11y.Bus.service ] || skip at-spi2-core

folder=$(mktemp -d) || exit 1
end() {
  kill $manager $screen 2>/dev/null
  wait
  rm -rf "$folder"
}
manager= screen=
trap end EXIT
trap 'exit 1' INT TERM

# Settings, scenarios and sockets of nobody else.
mkdir -m 700 "$folder/run" "$folder/home"
export XDG_RUNTIME_DIR="$folder/run" HOME="$folder/home" XDG_CONFIG_HOME="$folder/home/config"
export XDG_DATA_HOME="$folder/home/data" XDG_CACHE_HOME="$folder/home/cache"
unset DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS WAYLAND_DISPLAY QT_QPA_PLATFORM QT_QPA_PLATFORMTHEME
unset SESSION_MANAGER

mkfifo "$folder/display"
Xvfb -displayfd 3 -screen 0 1600x1000x24 -nolisten tcp 3>"$folder/display" 2>"$folder/Xvfb" &
screen=$!
read -r number <"$folder/display"
[ -n "$number" ] || { cat "$folder/Xvfb" && exit 1; }
export DISPLAY=":$number"
openbox 2>/dev/null &
manager=$!
dbus-run-session -- "$@"
