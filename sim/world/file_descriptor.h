// An open file of the operating system, closed with the object, and whole reads and writes on it.
#pragma once

#include <unistd.h>
#include <cerrno>
#include <cstdint>
#include <utility>

namespace evenkeel {

class FileDescriptor {
 public:
  /// Takes what open() gave; a negative number is no file.
  explicit FileDescriptor(int number = -1) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() {
    if (number_ >= 0) close(number_);
  }

  explicit operator bool() const { return number_ >= 0; }
  int get() const { return number_; }

 private:
  int number_;
};

/// Repeats `once(done)`, which gives what pread() or pwrite() gave, until `size` bytes are done.
/// Gives 0, or what errno says; a file that ends too early is an EIO.
template <class Once>
int repeat_until(std::size_t size, Once once) {
  for (std::size_t done = 0; done < size;) {
    const ssize_t count = once(done);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    if (count == 0) return EIO;
    done += static_cast<std::size_t>(count);
  }
  return 0;
}

inline int read_all(const FileDescriptor& file, void* bytes, std::size_t size,
                    std::uint64_t offset) {
  return repeat_until(size, [&](std::size_t done) {
    return pread(file.get(), static_cast<char*>(bytes) + done, size - done,
                 static_cast<off_t>(offset + done));
  });
}

inline int write_all(const FileDescriptor& file, const void* bytes, std::size_t size,
                     std::uint64_t offset) {
  return repeat_until(size, [&](std::size_t done) {
    return pwrite(file.get(), static_cast<const char*>(bytes) + done, size - done,
                  static_cast<off_t>(offset + done));
  });
}

}  // namespace evenkeel
