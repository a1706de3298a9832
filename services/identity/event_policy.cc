#include "services/identity/event_policy.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace palmares::identity {
namespace {

constexpr double kHighestWeight = 30'000;  // of a probability of 1

}  // namespace

double ProbabilityOf(int32_t weight) { return 1 / (1 + std::exp2(-weight / 1000.0)); }

int32_t WeightOf(double probability) {
  if (probability <= 0) return static_cast<int32_t>(-kHighestWeight);
  if (probability >= 1) return static_cast<int32_t>(kHighestWeight);
  const double weight = 1000 * std::log2(probability / (1 - probability));
  return static_cast<int32_t>(std::lround(std::clamp(weight, -kHighestWeight, kHighestWeight)));
}

Policy PolicyOf(const stored::v1::Event& event) {
  Policy policy;
  const stored::v1::IdentityPolicy& own = event.identity_policy();
  if (own.link_probability() > 0) policy.link_weight = WeightOf(own.link_probability());
  if (own.review_probability() > 0) policy.review_weight = WeightOf(own.review_probability());
  policy.review_weight = std::min(policy.review_weight, policy.link_weight);
  if (own.review_all()) policy.link_weight = std::numeric_limits<int32_t>::max();
  return policy;
}

}  // namespace palmares::identity
