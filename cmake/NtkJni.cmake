# One shared library for the JVM: the core, JavaCPP's generated glue, and bytedeco's libraries installed beside it.
set(JAVA_AWT_LIBRARY NotNeeded)
set(JAVA_AWT_INCLUDE_PATH NotNeeded)
set(JAVA_JVM_LIBRARY NotNeeded)
find_package(JNI REQUIRED)

add_library(jniNtkCore SHARED "${NTK_GLUE_DIR}/jniNtkCore.cpp" "${NTK_GLUE_DIR}/jnijavacpp.cpp")
target_include_directories(jniNtkCore PRIVATE src/main/cpp ${JNI_INCLUDE_DIRS})
# Generated code: not held to our warnings.
target_compile_options(jniNtkCore PRIVATE -O2 -w)
target_link_libraries(jniNtkCore PRIVATE ntk_core)
# Missing symbols are link errors, not a dead JVM; nothing but the JNI entry points is visible.
target_link_options(jniNtkCore PRIVATE -Wl,-z,defs -Wl,-Bsymbolic -Wl,--exclude-libs,ALL -s)
set_target_properties(jniNtkCore PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN")

install(TARGETS jniNtkCore LIBRARY DESTINATION .)
if(BytedecoOpenBLAS_DIR_FOUND)
  file(GLOB _ntk_runtime "${BytedecoOpenBLAS_DIR_FOUND}/libopenblas.so.0"
    "${BytedecoOpenBLAS_DIR_FOUND}/libgfortran.so.*" "${BytedecoOpenBLAS_DIR_FOUND}/libquadmath.so.*")
  install(FILES ${_ntk_runtime} DESTINATION .)
endif()
