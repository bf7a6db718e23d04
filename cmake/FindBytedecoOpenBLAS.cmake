# bytedeco's OpenBLAS, the one that the Java library ships: unpacked by Maven into target/native-deps, or taken from the
# jar in the local Maven repository; with neither, an OpenBLAS installed on the system serves for building and testing.
set(NTK_OPENBLAS_ROOT "" CACHE PATH "Folder that holds include/cblas.h and libopenblas.so.0")

# The platform as JavaCPP names it.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(_ntk_platform linux-arm64)
else()
  set(_ntk_platform linux-x86_64)
endif()
set(_ntk_platform_dir "org/bytedeco/openblas/${_ntk_platform}")
set(_ntk_candidates "${NTK_OPENBLAS_ROOT}" "${CMAKE_SOURCE_DIR}/target/native-deps/${_ntk_platform_dir}")

# The version that pom.xml names and no other: a local repository may hold newer ones.
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/pom.xml")
file(STRINGS "${CMAKE_SOURCE_DIR}/pom.xml" _ntk_version REGEX "<openblas\\.version>")
string(REGEX REPLACE ".*<openblas\\.version>(.*)</openblas\\.version>.*" "\\1" _ntk_version "${_ntk_version}")
set(_ntk_jar
  "$ENV{HOME}/.m2/repository/org/bytedeco/openblas/${_ntk_version}/openblas-${_ntk_version}-${_ntk_platform}.jar")
set(_ntk_unpacked "${CMAKE_BINARY_DIR}/openblas-${_ntk_version}")
if(EXISTS "${_ntk_jar}" AND NOT EXISTS "${CMAKE_SOURCE_DIR}/target/native-deps/${_ntk_platform_dir}/libopenblas.so.0")
  if(NOT EXISTS "${_ntk_unpacked}/${_ntk_platform_dir}/libopenblas.so.0")
    file(ARCHIVE_EXTRACT INPUT "${_ntk_jar}" DESTINATION "${_ntk_unpacked}")
  endif()
  list(APPEND _ntk_candidates "${_ntk_unpacked}/${_ntk_platform_dir}")
endif()

foreach(_ntk_root IN LISTS _ntk_candidates)
  if(_ntk_root AND NOT BytedecoOpenBLAS_LIBRARY AND EXISTS "${_ntk_root}/libopenblas.so.0")
    set(BytedecoOpenBLAS_LIBRARY "${_ntk_root}/libopenblas.so.0")
    set(BytedecoOpenBLAS_INCLUDE_DIR "${_ntk_root}/include")
    set(BytedecoOpenBLAS_DIR_FOUND "${_ntk_root}")
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
  # Its header declares functions of half precision, which g++ before 13 does not know on aarch64. Nobody here calls them.
  include(CheckCXXSourceCompiles)
  check_cxx_source_compiles("_Float16 x; int main() {}" NTK_HAS_FLOAT16)
  if(NOT NTK_HAS_FLOAT16)
    target_compile_definitions(OpenBLAS::OpenBLAS INTERFACE _Float16=short)
  endif()
  if(BytedecoOpenBLAS_DIR_FOUND)
    # Fortran's run-time libraries lie beside it and are found through it only at link time.
    target_link_options(OpenBLAS::OpenBLAS INTERFACE "-Wl,-rpath-link,${BytedecoOpenBLAS_DIR_FOUND}")
  endif()
endif()
