// A pointer from one view to another of the same set.
#ifndef PALMARES_STORAGE_NEIGHBOUR_H_
#define PALMARES_STORAGE_NEIGHBOUR_H_

namespace palmares::storage {

// Copies and assignments of a view move its content into another set of views: whom it looks at stays as it was there.
// So two sets can exchange what they hold, view by view, and each view still knows its own set.
template <typename T>
class Neighbour {
 public:
  Neighbour(T* view) : view_(view) {}  // NOLINT(google-explicit-constructor): it stands for a pointer
  Neighbour(const Neighbour&) = default;
  Neighbour& operator=(const Neighbour& other) {  // NOLINT(bugprone-unhandled-self-assignment): it does nothing
    static_cast<void>(other);
    return *this;
  }
  ~Neighbour() = default;

  T* operator->() const { return view_; }
  T& operator*() const { return *view_; }

 private:
  T* view_;
};

}  // namespace palmares::storage

#endif  // PALMARES_STORAGE_NEIGHBOUR_H_
