// What each view of the server holds, as lines: the content that `admin verify` compares.
//
// A view that is added to the State gets a function here too.
#ifndef PALMARES_SERVICES_SERVER_VIEW_CONTENTS_H_
#define PALMARES_SERVICES_SERVER_VIEW_CONTENTS_H_

#include <vector>

#include "services/administration/view_content.h"
#include "services/server/state.h"

namespace palmares::server {

// Of every view. The state must outlive them; they are walked under a Reader of its store.
std::vector<administration::ViewContent> ViewContents(const State& state);

// A state of its own, for a recomputation.
class StateSet final : public administration::ViewSet {
 public:
  explicit StateSet(const storage::Ledger* ledger, const MemoryBudget& budget = {}) : state_(ledger, budget) {}
  storage::View& views() override { return state_; }
  std::vector<administration::ViewContent> Contents() const override { return ViewContents(state_); }
  State& state() { return state_; }

 private:
  State state_;
};

// The state that serves, as a set to compare with. It is not applied to through this.
class ServingSet final : public administration::ViewSet {
 public:
  explicit ServingSet(State* state) : state_(*state) {}
  storage::View& views() override { return state_; }
  std::vector<administration::ViewContent> Contents() const override { return ViewContents(state_); }

 private:
  State& state_;
};

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_VIEW_CONTENTS_H_
