#!/bin/sh
# Installs pronote-sync, or the program that is named, from its latest release: the
# package on Debian, Raspberry Pi OS and their like, else the archive, into /usr/local.
#
#   sudo sh install.sh [pronote-sync|notekfet-server|pronote-api-server]
#
# $PRONOTE_SYNC_RELEASES says where releases are, if not at the usual place.
set -eu

# Everything is in a function, so that half a script that came down does nothing.
main() {
	name=${1:-pronote-sync}
	from=${PRONOTE_SYNC_RELEASES:-https://github.com/pronote-sync/pronote-sync/releases}
	from=${from%/}/latest/download

	case $name in
	pronote-sync | notekfet-server | pronote-api-server) ;;
	*) fail "there is no program $name: choose pronote-sync, notekfet-server or pronote-api-server" \
		"il n'y a pas de programme $name : choisissez pronote-sync, notekfet-server ou pronote-api-server" ;;
	esac
	[ "$(id -u)" = 0 ] || fail "only root can install: put sudo before sh" "seul root peut installer : mettez sudo devant sh"
	[ "$(uname -s)" = Linux ] || fail "there are packages for Linux only: build the program with Go" \
		"il n'y a de paquets que pour Linux : compilez le programme avec Go"
	kind
	folder=$(mktemp -d)
	trap 'rm -rf "$folder"' EXIT
	trap 'exit 1' HUP INT TERM

	get SHA256SUMS
	file=$(sed -n "s/^[0-9a-f]\{64\}  \(${name}_[A-Za-z0-9.+~-]*_$pattern\)\$/\1/p" "$folder/SHA256SUMS")
	case $file in
	"" | *"
"*) fail "the release has no $name for this machine ($machine): build it with Go" \
		"la version publiée n'a pas de $name pour cette machine ($machine) : compilez-le avec Go" ;;
	esac
	get "$file"
	(cd "$folder" && grep "  $file\$" SHA256SUMS | sha256sum -c - >/dev/null 2>&1) ||
		fail "$file is not what was published, or came down damaged: nothing was installed, try again" \
			"$file n'est pas ce qui a été publié, ou est arrivé abîmé : rien n'a été installé, réessayez"
	case $file in
	*.deb) install_package ;;
	*) install_archive ;;
	esac
}

# fail ends with a sentence, in English or, as the programs do by themselves, in French.
fail() {
	case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
	en*) echo "install.sh: $1" >&2 ;;
	*) echo "install.sh: $2" >&2 ;;
	esac
	exit 1
}

# kind finds out what this machine takes.
kind() {
	pattern="" machine=$(uname -m)
	if command -v dpkg >/dev/null 2>&1; then
		machine=$(dpkg --print-architecture)
		case $machine in
		armhf | arm64 | amd64) pattern=$machine'\.deb' ;;
		esac
	else
		case $machine in
		armv6* | armv7* | armv8l) pattern=linux_armv6'\.tar\.gz' ;;
		aarch64) pattern=linux_arm64'\.tar\.gz' ;;
		x86_64) pattern=linux_amd64'\.tar\.gz' ;;
		esac
	fi
	[ -n "$pattern" ] || fail "there is nothing to install for this machine ($machine): build the program with Go" \
		"il n'y a rien à installer pour cette machine ($machine) : compilez le programme avec Go"
}

# get downloads a file of the release.
get() {
	if command -v curl >/dev/null 2>&1; then
		curl -fsSL --retry 2 --connect-timeout 30 -o "$folder/$1" "$from/$1" 2>/dev/null
	elif command -v wget >/dev/null 2>&1; then
		wget -q -T 30 -O "$folder/$1" "$from/$1" 2>/dev/null
	else
		fail "neither curl nor wget is there: install one of them" "ni curl ni wget ne sont là : installez l'un des deux"
	fi || fail "$from/$1 cannot be downloaded: check the network, and try again" \
		"$from/$1 ne peut pas être téléchargé : vérifiez le réseau, et réessayez"
}

# install_package lets apt add what the package depends on, where that is missing.
install_package() {
	chmod 755 "$folder" # for the user of apt
	if command -v apt-get >/dev/null 2>&1; then
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold "$folder/$file"
	else
		dpkg --force-confold -i "$folder/$file"
	fi >"$folder/log" 2>&1 </dev/null || {
		cat "$folder/log" >&2
		fail "$file could not be installed: read above why, and try again" "$file n'a pas pu être installé : lisez plus haut pourquoi, et réessayez"
	}
	grep "^$name " "$folder/log" || installed "/usr/bin/$name"
}

# install_archive unpacks all beside its place first. The program itself goes last, by
# one renaming.
install_archive() {
	before=""
	if [ -e "/usr/local/bin/$name" ]; then before=some; fi
	mkdir "$folder/new"
	tar -xzf "$folder/$file" -C "$folder/new" --strip-components=1 || fail "$file cannot be unpacked: check the free space of ${TMPDIR:-/tmp}, and try again" \
		"$file ne peut pas être déballé : vérifiez la place dans ${TMPDIR:-/tmp}, et réessayez"
	if ! { mkdir -p /usr/local/bin && cp -R "$folder/new/lib" "$folder/new/share" /usr/local/ &&
		cp "$folder/new/bin/$name" "/usr/local/bin/.$name.new" && mv "/usr/local/bin/.$name.new" "/usr/local/bin/$name"; }; then
		rm -f "/usr/local/bin/.$name.new"
		fail "/usr/local cannot be written to: check its rights and its free space, and try again" \
			"/usr/local ne peut pas être écrit : vérifiez ses droits et sa place, et réessayez"
	fi
	if command -v useradd >/dev/null 2>&1; then
		DPKG_MAINTSCRIPT_PACKAGE=$name sh "$folder/new/setup" configure "$before"
	else
		installed "/usr/local/bin/$name"
	fi
}

# installed says what was installed where that does not say so itself.
installed() { "$1" version 2>/dev/null || "$1" --version; }

main "$@"
