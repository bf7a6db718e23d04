# bytedeco's OpenBLAS, the one that the Java library ships: unpacked by Maven into target/native-deps, or taken from the
# jar in the local Maven repository; with neither, an OpenBLAS installed on the system serves for building and testing.
# BytedecoOpenBLAS_RUNTIME names the shared libraries that must lie beside ours, each after those that it needs.
set(NTK_OPENBLAS_ROOT "" CACHE PATH "Folder that holds include/cblas.h and bytedeco's shared library")

# The platform as JavaCPP names it, and what bytedeco's jar for it holds.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(_ntk_architecture arm64)
else()
  set(_ntk_architecture x86_64)
endif()
if(WIN32)
  set(_ntk_platform "windows-${_ntk_architecture}")
  set(_ntk_runtime libopenblas.dll)
elseif(APPLE)
  set(_ntk_platform "macosx-${_ntk_architecture}")
  set(_ntk_runtime libopenblas.0.dylib)
  if(_ntk_architecture STREQUAL x86_64)
    set(_ntk_runtime libgcc_s.1.1.dylib libquadmath.0.dylib libgfortran.5.dylib libopenblas.0.dylib)
  endif()
else()
  set(_ntk_platform "linux-${_ntk_architecture}")
  set(_ntk_runtime libgfortran.so.5 libopenblas.so.0)
  if(_ntk_architecture STREQUAL x86_64)
    set(_ntk_runtime libquadmath.so.0 libgfortran.so.5 libopenblas.so.0)
  endif()
endif()
list(GET _ntk_runtime -1 _ntk_openblas)
set(_ntk_platform_dir "org/bytedeco/openblas/${_ntk_platform}")
set(_ntk_candidates "${NTK_OPENBLAS_ROOT}" "${CMAKE_SOURCE_DIR}/target/native-deps/${_ntk_platform_dir}")

# The version that pom.xml names and no other: a local repository may hold newer ones.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/pom.xml")
file(STRINGS "${CMAKE_SOURCE_DIR}/pom.xml" _ntk_version REGEX "<openblas\\.version>")
string(REGEX REPLACE ".*<openblas\\.version>(.*)</openblas\\.version>.*" "\\1" _ntk_version "${_ntk_version}")
set(_ntk_jar
  "$ENV{HOME}/.m2/repository/org/bytedeco/openblas/${_ntk_version}/openblas-${_ntk_version}-${_ntk_platform}.jar")
set(_ntk_unpacked "${CMAKE_BINARY_DIR}/openblas-${_ntk_version}")
if(EXISTS "${_ntk_jar}" AND NOT EXISTS "${CMAKE_SOURCE_DIR}/target/native-deps/${_ntk_platform_dir}/${_ntk_openblas}")
  if(NOT EXISTS "${_ntk_unpacked}/${_ntk_platform_dir}/${_ntk_openblas}")
    file(ARCHIVE_EXTRACT INPUT "${_ntk_jar}" DESTINATION "${_ntk_unpacked}")
  endif()
  list(APPEND _ntk_candidates "${_ntk_unpacked}/${_ntk_platform_dir}")
endif()

set(BytedecoOpenBLAS_RUNTIME "")
foreach(_ntk_root IN LISTS _ntk_candidates)
  if(_ntk_root AND NOT BytedecoOpenBLAS_RUNTIME AND EXISTS "${_ntk_root}/${_ntk_openblas}")
    set(BytedecoOpenBLAS_LIBRARY "${_ntk_root}/${_ntk_openblas}")
    set(BytedecoOpenBLAS_INCLUDE_DIR "${_ntk_root}/include")
    list(TRANSFORM _ntk_runtime PREPEND "${_ntk_root}/" OUTPUT_VARIABLE BytedecoOpenBLAS_RUNTIME)
  endif()
endforeach()
if(NOT BytedecoOpenBLAS_LIBRARY)
  find_library(BytedecoOpenBLAS_LIBRARY NAMES openblas)
  find_path(BytedecoOpenBLAS_INCLUDE_DIR NAMES openblas_config.h PATH_SUFFIXES ${CMAKE_LIBRARY_ARCHITECTURE} openblas)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BytedecoOpenBLAS
  REQUIRED_VARS BytedecoOpenBLAS_LIBRARY BytedecoOpenBLAS_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "Run `mvn initialize` once, or install libopenblas-dev, or set NTK_OPENBLAS_ROOT.")

if(BytedecoOpenBLAS_FOUND AND NOT TARGET OpenBLAS::OpenBLAS)
  add_library(OpenBLAS::OpenBLAS SHARED IMPORTED)
  set_target_properties(OpenBLAS::OpenBLAS PROPERTIES
    IMPORTED_LOCATION "${BytedecoOpenBLAS_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${BytedecoOpenBLAS_INCLUDE_DIR}")
  if(WIN32)
    # Linkers of GCC and clang take a DLL itself.
    set_target_properties(OpenBLAS::OpenBLAS PROPERTIES IMPORTED_IMPLIB "${BytedecoOpenBLAS_LIBRARY}")
  endif()
  # Its header declares functions of half precision, which g++ before 13 does not know on aarch64. Nobody here calls them.
  include(CheckCXXSourceCompiles)
  check_cxx_source_compiles("_Float16 x; int main() {}" NTK_HAS_FLOAT16)
  if(NOT NTK_HAS_FLOAT16)
    target_compile_definitions(OpenBLAS::OpenBLAS INTERFACE _Float16=short)
  endif()
  if(BytedecoOpenBLAS_RUNTIME AND NOT WIN32 AND NOT APPLE)
    # Fortran's run-time libraries lie beside it and are found through it only at link time.
    get_filename_component(_ntk_root "${BytedecoOpenBLAS_LIBRARY}" DIRECTORY)
    target_link_options(OpenBLAS::OpenBLAS INTERFACE "-Wl,-rpath-link,${_ntk_root}")
  endif()
endif()
