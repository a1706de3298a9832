#include "services/series/clubs_view.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/athletics/fold.h"

namespace palmares::series {

std::string ClubName(absl::string_view id) { return absl::StrCat("clubs/", id); }

std::string ClubForm(absl::string_view text) {
  std::string key = athletics::FoldKey(text);
  return key.empty() ? athletics::Fold(text) : key;
}

absl::Status ClubsView::Apply(const storage::Entry& entry) {
  if (entry.change.kind == storage::EntryKind::kClubSet) {
    stored::v1::Club body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not a club");
    Club& club = clubs_[ClubName(body.id())];
    if (club.name.empty()) {
      club.name = ClubName(body.id());
      club.create_time_us = entry.time_us;
    } else {
      RemoveForms(club);
    }
    club.data = std::move(body);
    club.update_time_us = entry.time_us;
    club.position = entry.position;
    AddForms(club);
  } else if (entry.change.kind == storage::EntryKind::kClubRemoved) {
    stored::v1::ClubRemoved body;
    if (!body.ParseFromString(entry.change.body)) return absl::DataLossError("not the removal of a club");
    const auto found = clubs_.find(ClubName(body.id()));
    if (found == clubs_.end()) return absl::DataLossError(absl::StrCat("entry ", entry.position, ": no such club"));
    RemoveForms(found->second);
    clubs_.erase(found);
  }
  return absl::OkStatus();
}

void ClubsView::AddForms(const Club& club) {
  names_of_form_[ClubForm(club.data.display_name())].insert(club.name);
  for (const std::string& alias : club.data.aliases()) names_of_form_[ClubForm(alias)].insert(club.name);
}

void ClubsView::RemoveForms(const Club& club) {
  const auto remove = [&](const std::string& text) {
    const auto found = names_of_form_.find(ClubForm(text));
    if (found == names_of_form_.end()) return;
    found->second.erase(club.name);
    if (found->second.empty()) names_of_form_.erase(found);
  };
  remove(club.data.display_name());
  for (const std::string& alias : club.data.aliases()) remove(alias);
}

const Club* ClubsView::Find(absl::string_view name) const {
  const auto found = clubs_.find(name);
  return found == clubs_.end() ? nullptr : &found->second;
}

const Club* ClubsView::FindByForm(absl::string_view text) const {
  const auto found = names_of_form_.find(ClubForm(text));
  return found == names_of_form_.end() ? nullptr : Find(*found->second.begin());
}

std::string ClubsView::KeyOf(absl::string_view text) const {
  if (text.empty()) return "";
  const std::string form = ClubForm(text);
  const auto found = names_of_form_.find(form);
  return found == names_of_form_.end() ? form : *found->second.begin();
}

}  // namespace palmares::series
