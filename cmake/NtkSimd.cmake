# The elementwise kernels: one source compiled once per SIMD level, and the dispatcher that picks a level at run time.
# Defines the target ntk_simd (an object library; link it like any other target). Needs C++17 or newer.
#
# No FMA contraction and no fast-math: every level, and the Java twin, must give the same bits.
# -Wno-psabi: wide vectors are passed between inlined functions only, so their calling convention does not matter.
set(NTK_SIMD_OPTIONS -O3 -ffp-contract=off -fno-math-errno -fno-trapping-math -Wno-psabi)
set(NTK_SIMD_SOURCE_DIR "${CMAKE_CURRENT_LIST_DIR}/../src/main/cpp")

set(_ntk_march_v1 x86-64)
set(_ntk_march_v3 x86-64-v3)
set(_ntk_march_v4 x86-64-v4)

add_library(ntk_simd OBJECT "${NTK_SIMD_SOURCE_DIR}/ntk/dispatch.cpp" "${NTK_SIMD_SOURCE_DIR}/ntk/random.cpp")
target_include_directories(ntk_simd PUBLIC "${NTK_SIMD_SOURCE_DIR}")
target_compile_features(ntk_simd PUBLIC cxx_std_17)
set_target_properties(ntk_simd PROPERTIES POSITION_INDEPENDENT_CODE ON)

foreach(level v1 v3 v4)
  add_library(ntk_simd_${level} OBJECT "${NTK_SIMD_SOURCE_DIR}/ntk/simd/kernels_level.cpp")
  target_include_directories(ntk_simd_${level} PRIVATE "${NTK_SIMD_SOURCE_DIR}")
  target_compile_features(ntk_simd_${level} PRIVATE cxx_std_17)
  target_compile_definitions(ntk_simd_${level} PRIVATE NTK_LEVEL=${level})
  target_compile_options(ntk_simd_${level} PRIVATE -march=${_ntk_march_${level}} ${NTK_SIMD_OPTIONS})
  set_target_properties(ntk_simd_${level} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(ntk_simd INTERFACE $<TARGET_OBJECTS:ntk_simd_${level}>)
endforeach()
# 512-bit vectors measured faster than gcc's default of 256 bits for this level.
target_compile_options(ntk_simd_v4 PRIVATE -mprefer-vector-width=512)
