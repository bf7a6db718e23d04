# The elementwise kernels: one source compiled once per SIMD level, and the dispatcher that picks a level at run time.
# Defines the static, position-independent library ntk_simd, and NTK_LEVELS, the levels that dispatch.cpp knows for this
# architecture. Needs C++20.
#
# ntk_compile_options turns FMA contraction off and adds no fast-math: every level, and the Java twin, must give the
# same bits.
include("${CMAKE_CURRENT_LIST_DIR}/NtkCompileOptions.cmake")
set(NTK_SIMD_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}/../src/main/cpp")

if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(NTK_LEVELS v1 v3 v4)
  set(_ntk_flags_v1 -march=x86-64)
  set(_ntk_flags_v3 -march=x86-64-v3)
  # 512-bit vectors measured faster than gcc's default of 256 bits for this level.
  set(_ntk_flags_v4 -march=x86-64-v4 -mprefer-vector-width=512)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$")
  set(NTK_LEVELS neon)
  set(_ntk_flags_neon -march=armv8-a)
else()
  set(NTK_LEVELS portable)
endif()

add_library(ntk_simd STATIC "${NTK_SIMD_SOURCE_DIR}/ntk/dispatch.cpp" "${NTK_SIMD_SOURCE_DIR}/ntk/random.cpp")
target_include_directories(ntk_simd PUBLIC "${NTK_SIMD_SOURCE_DIR}")
target_compile_features(ntk_simd PUBLIC cxx_std_20)
set_target_properties(ntk_simd PROPERTIES POSITION_INDEPENDENT_CODE ON)
ntk_compile_options(ntk_simd)

foreach(level IN LISTS NTK_LEVELS)
  add_library(ntk_simd_${level} OBJECT "${NTK_SIMD_SOURCE_DIR}/ntk/simd/kernels_level.cpp"
    "${NTK_SIMD_SOURCE_DIR}/ntk/simd/products_level.cpp")
  target_include_directories(ntk_simd_${level} PRIVATE "${NTK_SIMD_SOURCE_DIR}")
  target_compile_features(ntk_simd_${level} PRIVATE cxx_std_20)
  target_compile_definitions(ntk_simd_${level} PRIVATE NTK_LEVEL=${level})
  # -Wno-psabi: wide vectors are passed between inlined functions only, so their calling convention does not matter.
  target_compile_options(ntk_simd_${level} PRIVATE ${_ntk_flags_${level}} -Wno-psabi)
  ntk_compile_options(ntk_simd_${level})
  set_target_properties(ntk_simd_${level} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(ntk_simd PRIVATE $<TARGET_OBJECTS:ntk_simd_${level}>)
endforeach()
