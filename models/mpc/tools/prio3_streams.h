// What aggregators and clients of Prio3 (prio3.h) draw from seeds: shares of numbers and proofs,
// and the randomness of proofs, which joins parts of all shares. The bytes are the draft's
// (draft-irtf-cfrg-vdaf, sections 6.2.1 and 7.2).
#pragma once

#include "models/mpc/tools/circuits.h"
#include "models/mpc/tools/prio3.h"
#include "models/mpc/tools/turbo_shake.h"

namespace evenkeel {

enum class Prio3Algorithm : std::uint8_t { count = 1, sum = 2, sum_vec = 3, histogram = 4 };
enum class Prio3Usage : std::uint8_t {
  measurement_share = 1,
  proof_share = 2,
  joint_randomness = 3,
  prove_randomness = 4,
  query_randomness = 5,
  joint_seed = 6,
  joint_part = 7
};
inline constexpr std::uint8_t prio3_draft_version = 18;
inline constexpr std::array<std::byte, 1> prio3_proofs{std::byte{1}};

inline void append(SecretBytes& to, Prio3::View bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

template <class F>
SecretBytes encoded_elements(std::span<const F> elements) {
  SecretBytes bytes(elements.size() * F::encoded_bytes);
  for (std::size_t i = 0; i < elements.size(); ++i)
    elements[i].encode(bytes.data() + i * F::encoded_bytes);
  return bytes;
}
template <class F>
std::optional<Elements<F>> decoded_elements(Prio3::View bytes) {
  if (bytes.size() % F::encoded_bytes != 0) return std::nullopt;
  Elements<F> elements(bytes.size() / F::encoded_bytes);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const std::optional<F> one = F::decoded(bytes.data() + i * F::encoded_bytes);
    if (!one) return std::nullopt;
    elements[i] = *one;
  }
  return elements;
}

template <class F>
class Prio3Streams {
 public:
  Prio3Streams(Prio3Algorithm algorithm, const typename Circuit<F>::Shape& shape,
               std::size_t proof_elements)
      : algorithm_(algorithm), shape_(shape), proof_elements_(proof_elements) {}

  // Names what the output of the stream is for: version, class 0, algorithm, usage, context.
  SecretBytes purpose(Prio3Usage usage, Prio3::View context) const {
    const std::array<std::uint8_t, 8> fields{prio3_draft_version,
                                             0,
                                             0,
                                             0,
                                             0,
                                             static_cast<std::uint8_t>(algorithm_),
                                             0,
                                             static_cast<std::uint8_t>(usage)};
    SecretBytes bytes;
    append(bytes, std::as_bytes(std::span{fields}));
    append(bytes, context);
    return bytes;
  }
  Elements<F> measurement_share(Prio3::View context, std::uint32_t aggregator,
                                Prio3::View seed) const {
    const std::array<std::byte, 1> number{static_cast<std::byte>(aggregator)};
    XofTurboShake128 xof{
        seed, purpose(Prio3Usage::measurement_share, context), {Prio3::View{number}}};
    return xof.elements<F>(shape_.measurement);
  }
  Elements<F> proof_share(Prio3::View context, std::uint32_t aggregator, Prio3::View seed) const {
    const std::array<std::byte, 1> number{static_cast<std::byte>(aggregator)};
    XofTurboShake128 xof{seed,
                         purpose(Prio3Usage::proof_share, context),
                         {Prio3::View{prio3_proofs}, Prio3::View{number}}};
    return xof.elements<F>(proof_elements_);
  }
  SecretBytes joint_part(Prio3::View context, std::uint32_t aggregator, Prio3::View blind,
                         const Prio3::Nonce& nonce, std::span<const F> measurement) const {
    const std::array<std::byte, 1> number{static_cast<std::byte>(aggregator)};
    const SecretBytes bytes = encoded_elements<F>(measurement);
    XofTurboShake128 xof{blind,
                         purpose(Prio3Usage::joint_part, context),
                         {Prio3::View{number}, Prio3::View{nonce}, Prio3::View{bytes}}};
    SecretBytes part(Prio3::seed_bytes);
    xof.fill(part);
    return part;
  }
  SecretBytes joint_seed(Prio3::View context, Prio3::View parts) const {
    const Prio3::Seed zeros = {};
    XofTurboShake128 xof{zeros, purpose(Prio3Usage::joint_seed, context), {parts}};
    SecretBytes seed(Prio3::seed_bytes);
    xof.fill(seed);
    return seed;
  }
  Elements<F> joint_randomness(Prio3::View context, Prio3::View seed) const {
    XofTurboShake128 xof{
        seed, purpose(Prio3Usage::joint_randomness, context), {Prio3::View{prio3_proofs}}};
    return xof.elements<F>(shape_.joint_randomness);
  }

 private:
  Prio3Algorithm algorithm_;
  typename Circuit<F>::Shape shape_;
  std::size_t proof_elements_;
};

}  // namespace evenkeel
