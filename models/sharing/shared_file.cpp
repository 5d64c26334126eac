#include "models/sharing/shared_file.h"

namespace evenkeel {

Blob SharedFile::content() const {
  return encoded(std::string{"evenkeel shared file"}, id, version, epoch, bytes, block_bytes, list);
}

bool SharedFile::is_good() const {
  return version > 0 && epoch > 0 && bytes > 0 && block_bytes > 0 &&
         block_bytes <= most_block_bytes &&
         bytes <= std::uint64_t{most_block_bytes} * most_shared_blocks &&
         list.blocks.size() <= most_shared_blocks && list.blocks.size() == blocks() &&
         list.owner == id.owner && list.resource == id.name &&
         is_signed_by(id.owner, content(), signature);
}

}  // namespace evenkeel
