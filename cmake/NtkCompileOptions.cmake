# Warnings are errors in our own code. No fast-math: it deletes compensated sums and breaks bit-identity. Contraction into
# fused multiply-adds is off, so that every SIMD level and Java round alike.
set(NTK_SANITIZE "" CACHE STRING "Sanitizers for the core and its tests, for example address,undefined")

function(ntk_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Werror
    -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off)
  if(NTK_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${NTK_SANITIZE} -fno-omit-frame-pointer -g)
    target_link_options(${target} PUBLIC -fsanitize=${NTK_SANITIZE})
  endif()
endfunction()
