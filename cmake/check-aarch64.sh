#!/bin/sh
# Compiles the native core and its tests for 64-bit ARM Linux and runs them in an emulator. Without the tools it says so
# and succeeds: the architecture of this machine is tested by the ordinary build.
#     cmake/check-aarch64.sh [BUILD_FOLDER]
set -eu
cd "$(dirname "$0")/.."
build=${1:-build-aarch64}

missing=
command -v aarch64-linux-gnu-g++ >/dev/null 2>&1 || missing="$missing g++-aarch64-linux-gnu"
command -v qemu-aarch64 >/dev/null 2>&1 || missing="$missing qemu-user"
[ -e /usr/src/googletest/CMakeLists.txt ] || missing="$missing libgtest-dev"
if [ -n "$missing" ]; then
  echo "SKIPPED: the core is not tested on aarch64. Debian: apt-get install$missing"
  exit 0
fi

version=$(sed -n 's:.*<openblas.version>\(.*\)</openblas.version>.*:\1:p' pom.xml)
if [ ! -e "$HOME/.m2/repository/org/bytedeco/openblas/$version/openblas-$version-linux-arm64.jar" ]; then
  mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.11.0:get -Dtransitive=false \
    "-Dartifact=org.bytedeco:openblas:$version:jar:linux-arm64"
fi
cmake -S . -B "$build" --toolchain cmake/aarch64-linux-gnu.cmake
cmake --build "$build" --parallel
ctest --test-dir "$build" --output-on-failure --parallel 2
