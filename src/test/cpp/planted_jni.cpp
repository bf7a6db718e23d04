// A JNI function that goes on after an exception: PlantedFault.java, with which scripts/sanitize sees that -Xcheck:jni warns.
#include <jni.h>

extern "C" JNIEXPORT void JNICALL
Java_io_github_finitentk_internal_nativecore_PlantedFault_leaveException(JNIEnv* env, jclass) {
    env->FindClass("there/is/no/such/Class");
    env->NewByteArray(1);
    env->ExceptionClear();
}
