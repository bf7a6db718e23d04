# The elementwise kernels: one source compiled once per SIMD level, and the dispatcher that picks a level at run time.
# Defines the static, position-independent library ntk_simd. Needs C++20.
#
# ntk_compile_options turns FMA contraction off and adds no fast-math: every level, and the Java twin, must give the
# same bits.
include("${CMAKE_CURRENT_LIST_DIR}/NtkCompileOptions.cmake")
set(NTK_SIMD_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}/../src/main/cpp")

set(_ntk_march_v1 x86-64)
set(_ntk_march_v3 x86-64-v3)
set(_ntk_march_v4 x86-64-v4)

foreach(level v1 v3 v4)
  add_library(ntk_simd_${level} OBJECT "${NTK_SIMD_SOURCE_DIR}/ntk/simd/kernels_level.cpp")
  target_include_directories(ntk_simd_${level} PRIVATE "${NTK_SIMD_SOURCE_DIR}")
  target_compile_features(ntk_simd_${level} PRIVATE cxx_std_20)
  target_compile_definitions(ntk_simd_${level} PRIVATE NTK_LEVEL=${level})
  # -Wno-psabi: wide vectors are passed between inlined functions only, so their calling convention does not matter.
  target_compile_options(ntk_simd_${level} PRIVATE -march=${_ntk_march_${level}} -Wno-psabi)
  ntk_compile_options(ntk_simd_${level})
  set_target_properties(ntk_simd_${level} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endforeach()
# 512-bit vectors measured faster than gcc's default of 256 bits for this level.
target_compile_options(ntk_simd_v4 PRIVATE -mprefer-vector-width=512)

add_library(ntk_simd STATIC
  "${NTK_SIMD_SOURCE_DIR}/ntk/dispatch.cpp"
  "${NTK_SIMD_SOURCE_DIR}/ntk/random.cpp"
  $<TARGET_OBJECTS:ntk_simd_v1>
  $<TARGET_OBJECTS:ntk_simd_v3>
  $<TARGET_OBJECTS:ntk_simd_v4>)
target_include_directories(ntk_simd PUBLIC "${NTK_SIMD_SOURCE_DIR}")
target_compile_features(ntk_simd PUBLIC cxx_std_20)
set_target_properties(ntk_simd PROPERTIES POSITION_INDEPENDENT_CODE ON)
ntk_compile_options(ntk_simd)
