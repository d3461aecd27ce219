# shellcheck shell=bash
# shellcheck disable=SC2034  # used by those who source this
# Sourced by tools/quickstart, tools/test and .ci/run: brings the packages that the caller names.

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

# What `fate` itself needs, as Debian 12 calls it.
FATE_PACKAGES=(g++ cmake ninja-build libabsl-dev libprotobuf-dev protobuf-compiler libcli11-dev zlib1g-dev libyaml-dev)
FATE_MB_A_COMPILER=1500  # of memory, for the largest file of the release build (measured: 1421, g++ 12)
FATE_NEEDS="g++ 12 or clang 14, CMake 3.24, Ninja, Abseil, protobuf with protoc, CLI11, zlib and libyaml"

is_debian_12() (
  . /etc/os-release 2>/dev/null && [ "${ID:-}" = debian ] && [ "${VERSION_ID:-}" = 12 ]
)

missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f '${Status}\n' "$name" 2>/dev/null | grep -q ' installed$' || printf '%s\n' "$name"
  done
}

# What apt would download for them, in words. It knows that of packages that are on its lists.
download_size() {
  local bytes
  bytes=$(apt-get --print-uris -qq install --no-install-recommends "$@" 2>/dev/null | awk '{ sum += $3 } END { print sum + 0 }') || bytes=0
  if [ "$bytes" -gt 0 ]; then
    say "$(((bytes + 999999) / 1000000)) MB to download"
  else
    say "a download whose size apt does not know before it has updated its lists; about 120 MB"
  fi
}

# How many compilers may run at once: one a core, and each has the memory that the largest file takes.
build_jobs() {
  local cores available fit
  cores=$(nproc)
  available=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo 2>/dev/null) || available=
  fit=$((${available:-1000000} / FATE_MB_A_COMPILER))
  say "$((fit < 1 ? 1 : fit < cores ? fit : cores))"
}

# bring_packages YES|ASK "what is needed, in words" package...
bring_packages() {
  local consent=$1 words=$2
  shift 2
  if ! is_debian_12; then
    say "This is not Debian 12, so nothing is installed for you. Needed: $words."
    say "(On Debian 12 the packages are: $*.) Going on with what is here."
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0

  local sudo=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "Needs, as root: apt-get install ${missing[*]}"
    sudo=(sudo)
    say "Fate needs ${#missing[@]} packages that are not installed: ${missing[*]}"
    say "With what they depend on that is $(download_size "${missing[@]}")."
    if [ "$consent" = ASK ]; then
      [ -t 0 ] || fail "There is no terminal to ask on: say --yes to install them with sudo apt-get."
      local answer
      read -r -p "Install them with sudo apt-get? [Y/n] " answer
      case $answer in '' | y | Y | yes | Yes) ;; *) fail "Nothing was installed." ;; esac
    fi
  fi
  say "Installing ${#missing[@]} packages and what they depend on ($(download_size "${missing[@]}")) ..."
  local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120)
  "${apt[@]}" update </dev/null >/dev/null 2>&1 || say "(apt-get update failed; trying with the lists that are here)"
  local told
  told=$("${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null 2>&1) ||
    fail "$told" "" "apt-get could not install: ${missing[*]}"
}

need_commands() {
  local name
  for name in "$@"; do
    command -v "$name" >/dev/null || fail "There is no $name here. Needed: $FATE_NEEDS."
  done
}

# configure PRESET option...: quiet when it works, and from scratch if the tree was moved.
configure() {
  local preset=$1
  shift
  if command -v ccache >/dev/null; then set -- -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"; fi
  cmake --log-level=NOTICE --preset "$preset" "$@" >/dev/null 2>&1 ||
    cmake --log-level=NOTICE --fresh --preset "$preset" "$@" >/dev/null || fail "CMake could not configure build/$preset."
}
