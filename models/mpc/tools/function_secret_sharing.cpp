#include "models/mpc/tools/function_secret_sharing.h"

namespace evenkeel {
namespace {

// Word 1 of a seed has no control bit in it.
Word outcome_of(std::span<const Word> blocks, std::size_t i) { return blocks[2 * i + 1]; }
Word negated_if(Word bit, Word value) { return (value ^ all_ones_if(bit)) + bit; }

}  // namespace

Corrections room_for_comparisons(std::size_t bits, std::size_t count) {
  return room_for_corrections(bits, count, (bits + 1) * count);
}

Corrections share_comparisons(std::span<const Word> alpha, std::span<const Word> beta,
                              std::size_t bits, std::span<const Word> first_roots,
                              std::span<const Word> second_roots) {
  const std::size_t count = alpha.size();
  const SeedHash hash;
  Corrections corrections = room_for_comparisons(bits, count);
  SeedNodes nodes[2];
  begin_trees(nodes, first_roots, second_roots);
  Words so_far(count, 0);  // what the outcomes on alpha's path add up to
  Words path(count);
  for (std::size_t level = 0; level < bits; ++level) {
    for (std::size_t i = 0; i < count; ++i) path[i] = alpha[i] >> (bits - 1 - level) & 1;
    const SeedChildren both[2] = {children_of(hash, nodes[0].seeds, true),
                                  children_of(hash, nodes[1].seeds, true)};
    for (std::size_t i = 0; i < count; ++i) {
      const Word right = all_ones_if(path[i]);
      const Word left_gap = outcome_of(both[1].values[0], i) - outcome_of(both[0].values[0], i);
      const Word right_gap = outcome_of(both[1].values[1], i) - outcome_of(both[0].values[1], i);
      const Word lost = (left_gap & right) | (right_gap & ~right);
      const Word kept = (right_gap & right) | (left_gap & ~right);
      const Word sign = nodes[1].controls[i];
      const Word value = negated_if(sign, lost - so_far[i] + (beta[i] & right));
      corrections.values[level * count + i] = value;
      so_far[i] += negated_if(sign, value) - kept;
    }
    correct_level(both, path, level * count, corrections, nodes);
  }
  for (std::size_t i = 0; i < count; ++i)
    corrections.values[bits * count + i] =
        negated_if(nodes[1].controls[i],
                   outcome_of(nodes[1].seeds, i) - outcome_of(nodes[0].seeds, i) - so_far[i]);
  return corrections;
}

Words evaluate_comparisons(unsigned holder, std::span<const Word> x, std::size_t bits,
                           std::span<const Word> roots, const Corrections& corrections) {
  const std::size_t count = x.size();
  const SeedHash hash;
  Words seeds(roots.begin(), roots.end());
  Words controls(count, holder);
  Words outcome(count, 0);
  for (std::size_t level = 0; level < bits; ++level) {
    const SeedChildren children = children_of(hash, seeds, true);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = level * count + i;
      const std::size_t side = x[i] >> (bits - 1 - level) & 1;  // x is known to all
      const Word corrected = all_ones_if(controls[i]);
      outcome[i] += outcome_of(children.values[side], i) + (corrections.values[place] & corrected);
      for (std::size_t k = 0; k < seed_words; ++k)
        seeds[2 * i + k] =
            children.seeds[side][2 * i + k] ^ (corrections.seeds[2 * place + k] & corrected);
      controls[i] =
          children.controls[side][i] ^ (control_at(corrections, place, side) & controls[i]);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    outcome[i] +=
        outcome_of(seeds, i) + (corrections.values[bits * count + i] & all_ones_if(controls[i]));
    outcome[i] = negated_if(holder, outcome[i]);
  }
  return outcome;
}

Corrections room_for_point(std::size_t bits) { return room_for_corrections(bits, 1, seed_words); }

// The last block of a path is the value that the last seed hashes to: the seed lacks a bit.
Corrections share_point(Word alpha, std::span<const Word> beta, std::size_t bits,
                        std::span<const Word> first_root, std::span<const Word> second_root) {
  const SeedHash hash;
  Corrections corrections = room_for_point(bits);
  SeedNodes nodes[2];
  begin_trees(nodes, first_root, second_root);
  for (std::size_t level = 0; level < bits; ++level) {
    const Word bit = alpha >> (bits - 1 - level) & 1;
    const SeedChildren both[2] = {children_of(hash, nodes[0].seeds, false),
                                  children_of(hash, nodes[1].seeds, false)};
    correct_level(both, {&bit, 1}, level, corrections, nodes);
  }
  const Words first = hash(2, nodes[0].seeds);
  const Words second = hash(2, nodes[1].seeds);
  for (std::size_t k = 0; k < seed_words; ++k)
    corrections.values[k] = beta[k] ^ first[k] ^ second[k];
  return corrections;
}

Words evaluate_point_everywhere(unsigned holder, std::size_t places, std::size_t bits,
                                std::span<const Word> root, const Corrections& corrections) {
  const SeedHash hash;
  Words seeds(root.begin(), root.end());
  Words controls(1, holder);
  for (std::size_t level = 0; level < bits; ++level) {
    const SeedChildren children = children_of(hash, seeds, false);
    // Of 2^bits places only the first are wanted, and what leads to them.
    const std::size_t below = bits - 1 - level;
    const std::size_t wanted = (places + (std::size_t{1} << below) - 1) >> below;
    seeds.resize(seed_words * wanted);
    Words next(wanted);
    for (std::size_t i = 0; i < wanted; ++i) {
      const std::size_t side = i & 1;
      const Word corrected = all_ones_if(controls[i / 2]);
      for (std::size_t k = 0; k < seed_words; ++k)
        seeds[2 * i + k] =
            children.seeds[side][2 * (i / 2) + k] ^ (corrections.seeds[2 * level + k] & corrected);
      next[i] =
          children.controls[side][i / 2] ^ (control_at(corrections, level, side) & controls[i / 2]);
    }
    controls = std::move(next);
  }
  Words values = hash(2, seeds);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] ^= corrections.values[i % seed_words] & all_ones_if(controls[i / seed_words]);
  return values;
}

}  // namespace evenkeel
