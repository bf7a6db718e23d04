# Warnings are errors in our own code. No fast-math: it deletes compensated sums and breaks bit-identity. Contraction into
# fused multiply-adds is off, so that every SIMD level and Java round alike.
#
# Sanitizers (scripts/sanitize) end the program at the first fault. With them the code is optimised little: the compiler would
# take three times as long over the same checks.
set(NTK_SANITIZE "" CACHE STRING "Sanitizers for the core and the threaded test, address,undefined or thread")
set(NTK_SANITIZE_OPTIONS "")
if(NTK_SANITIZE)
  set(NTK_SANITIZE_OPTIONS -fsanitize=${NTK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g1 -O1)
endif()

function(ntk_compile_options target)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Werror
    -O3 -fno-math-errno -fno-trapping-math -ffp-contract=off ${NTK_SANITIZE_OPTIONS})
  if(NTK_SANITIZE)
    target_link_options(${target} PUBLIC -fsanitize=${NTK_SANITIZE})
  endif()
endfunction()
