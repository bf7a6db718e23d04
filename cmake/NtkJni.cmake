# One shared library for the JVM: the core, JavaCPP's generated glue, and bytedeco's libraries installed beside it.
# libraries.txt names them in the order in which they must be loaded.
set(JAVA_AWT_LIBRARY NotNeeded)
set(JAVA_AWT_INCLUDE_PATH NotNeeded)
set(JAVA_JVM_LIBRARY NotNeeded)
find_package(JNI REQUIRED)

add_library(jniNtkCore SHARED "${NTK_GLUE_DIR}/jniNtkCore.cpp" "${NTK_GLUE_DIR}/jnijavacpp.cpp")
target_include_directories(jniNtkCore PRIVATE src/main/cpp ${JNI_INCLUDE_DIRS})
# Generated code: not held to our warnings.
target_compile_options(jniNtkCore PRIVATE -O2 -w ${NTK_SANITIZE_OPTIONS})
target_link_libraries(jniNtkCore PRIVATE ntk_core)
# Missing symbols are link errors, not a dead JVM; nothing but the JNI entry points is visible.
if(WIN32)
  # The run-time libraries of compiler and threads are not on a user's machine.
  target_link_options(jniNtkCore PRIVATE -static -s)
  set_target_properties(jniNtkCore PROPERTIES PREFIX "")
elseif(APPLE)
  target_link_options(jniNtkCore PRIVATE -Wl,-x)
  set_target_properties(jniNtkCore PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "@loader_path")
else()
  target_link_options(jniNtkCore PRIVATE -Wl,-z,defs -Wl,-Bsymbolic -Wl,--exclude-libs,ALL)
  if(NOT NTK_SANITIZE) # whose reports name functions
    target_link_options(jniNtkCore PRIVATE -s)
  endif()
  set_target_properties(jniNtkCore PROPERTIES BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH "$ORIGIN")
endif()

# A core that was built with the system's OpenBLAS comes without the others.
set(_ntk_libraries ${BytedecoOpenBLAS_RUNTIME} "$<TARGET_FILE:jniNtkCore>")
set(_ntk_names "")
foreach(_ntk_library IN LISTS BytedecoOpenBLAS_RUNTIME)
  get_filename_component(_ntk_name "${_ntk_library}" NAME)
  string(APPEND _ntk_names "${_ntk_name}\n")
endforeach()
file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/libraries.txt" CONTENT "${_ntk_names}$<TARGET_FILE_NAME:jniNtkCore>\n")
install(FILES ${_ntk_libraries} "${CMAKE_BINARY_DIR}/libraries.txt" DESTINATION .)
