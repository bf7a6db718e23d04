#pragma once

#include <cstdlib>

namespace ntk::test {

inline void set_environment(const char* name, const char* value) {
#if defined(_WIN32)
    _putenv_s(name, value);
#else
    setenv(name, value, 1);
#endif
}

}  // namespace ntk::test
