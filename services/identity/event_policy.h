// How sure links must be at an event.
#ifndef PALMARES_SERVICES_IDENTITY_EVENT_POLICY_H_
#define PALMARES_SERVICES_IDENTITY_EVENT_POLICY_H_

#include <cstdint>

#include "services/identity/evidence.h"
#include "storage/stored.pb.h"

namespace palmares::identity {

// Probability of a weight in thousandths of bits, 0 to 1, and the reverse; the latter for planning only, as it is no
// integer arithmetic.
double ProbabilityOf(int32_t weight);
int32_t WeightOf(double probability);

// The event's own thresholds over the server's.
Policy PolicyOf(const stored::v1::Event& event);

}  // namespace palmares::identity

#endif  // PALMARES_SERVICES_IDENTITY_EVENT_POLICY_H_
