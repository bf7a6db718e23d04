#pragma once

// How JavaCPP hands a pointer or an array of Java to a std::span: with the room that Java knows it to have, from the
// pointer's position to its limit. The members are those that JavaCPP's generated code asks an adapter for.

#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace ntk {

template <class T>
class SpanAdapter {
    // Java's long is a long long, int64_t may be a long; Java's byte, a signed char, stands for memory of any type.
    using Number = std::conditional_t<std::is_same_v<T, long long>, int64_t,
                                      std::conditional_t<std::is_same_v<T, signed char>, std::byte, T>>;

   public:
    SpanAdapter(const T* data, std::size_t count, void* memory_owner)
        : ptr(const_cast<T*>(data)), size(data == nullptr ? 0 : count), owner(memory_owner) {}

    operator std::span<Number>() const { return {reinterpret_cast<Number*>(ptr), size}; }
    operator std::span<const Number>() const { return {reinterpret_cast<const Number*>(ptr), size}; }
    operator T*() const { return ptr; }

    static void deallocate(void*) {}  // memory is the caller's

    T* ptr;
    std::size_t size;
    void* owner;
};

}  // namespace ntk
