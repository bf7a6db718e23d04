# Cross-compiles the core for Windows with clang and MinGW's libraries and runs its tests under Wine (Debian: clang,
# g++-mingw-w64-x86-64-posix, wine64); docs/platforms.md says how. Not with GCC: it does not align AVX's vectors on Windows' stack.
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER clang)
set(CMAKE_C_COMPILER_TARGET x86_64-w64-mingw32)
set(CMAKE_CXX_COMPILER clang++)
set(CMAKE_CXX_COMPILER_TARGET x86_64-w64-mingw32)
set(CMAKE_CROSSCOMPILING_EMULATOR wine)
# clang does not find the folder of Debian's threads-enabled library by itself.
file(GLOB _mingw /usr/lib/gcc/x86_64-w64-mingw32/*-posix)
set(CMAKE_CXX_FLAGS_INIT "-isystem ${_mingw}/include/c++ -isystem ${_mingw}/include/c++/x86_64-w64-mingw32")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-L${_mingw} -static")
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-L${_mingw}")
set(CMAKE_CXX_STANDARD_LIBRARIES "-lstdc++ -lwinpthread -lkernel32" CACHE STRING "")
