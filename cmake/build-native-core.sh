#!/bin/sh
# Called by Maven: builds the native core with CMake and installs it into the classes folder. Without a toolchain it says so
# once and succeeds (the pure-Java backend serves), unless the native core is required.
set -eu
target=$1 install_dir=$2 java_home=$3 required=$4
source=$(cd -- "$(dirname -- "$0")/.." && pwd)
if command -v cygpath >/dev/null 2>&1; then # Windows: names that sh and CMake read alike
  target=$(cygpath -m "$target") install_dir=$(cygpath -m "$install_dir") java_home=$(cygpath -m "$java_home")
  source=$(cygpath -m "$source")
fi
platform=$(basename "$install_dir")

missing=
command -v cmake >/dev/null 2>&1 || missing="cmake"
command -v "${CXX:-c++}" >/dev/null 2>&1 || missing="${missing:+$missing and }a C++ compiler"
if [ -n "$missing" ]; then
  message="The native core is not built: $missing not found on the PATH (Debian: apt-get install cmake g++)."
  if [ "$required" = true ]; then
    echo "$message" >&2
    exit 1
  fi
  echo "WARNING: $message The pure-Java backend will be used." >&2
  rm -rf "$install_dir"
  exit 0
fi

glue=$target/javacpp-glue
mkdir -p "$glue"
for file in jniNtkCore.cpp jnijavacpp.cpp; do
  LC_ALL=C awk -f "$source/cmake/sort-glue.awk" "$target/javacpp/$file" | LC_ALL=C sort | cut -f 3- >"$glue/$file.new"
  if cmp -s "$glue/$file.new" "$glue/$file"; then rm "$glue/$file.new"; else mv "$glue/$file.new" "$glue/$file"; fi
done

# What is left of a build that was killed starts afresh; so does one that CMake refuses to go on with, because the checkout
# was moved or copied together with it.
build=$target/cmake
unfinished=$target/cmake.unfinished
[ ! -e "$unfinished" ] || rm -rf "$build"
: >"$unfinished"

# CMake cannot be told a name with these characters, nor work in a folder of that name: it works in another one, and sees
# ours through links.
case $source$target in
  *[\"\'\`\$\#\;\\\(\)\&]*)
    links=$(mktemp -d)
    trap 'rm -rf "$links"' EXIT
    mkdir -p "$install_dir"
    ln -s "$source" "$links/source"
    ln -s "$target" "$links/target"
    ln -s "$install_dir" "$links/install"
    source=$links/source target=$links/target install_dir=$links/install build=$links/cmake glue=$links/target/javacpp-glue
    ;;
esac

configure() {
  JAVA_HOME=$java_home cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release \
    -DNTK_OPENBLAS_ROOT="$target/native-deps/org/bytedeco/openblas/$platform" \
    -DNTK_GLUE_DIR="$glue" -DNTK_BUILD_TESTS=OFF -DCMAKE_INSTALL_PREFIX="$install_dir"
}

log=$target/cmake-build.log
if ! {
  { configure || { rm -rf "$build" && configure; }; } &&
    cmake --build "$build" --parallel --target install
} >"$log" 2>&1; then
  cat "$log" >&2
  echo "The native core could not be built; the compiler's output is above and in $log." >&2
  exit 1
fi
rm "$unfinished"
