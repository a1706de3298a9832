// Uploads as the fake server takes them: whole files in memory, with cuts where a test wants them.
#ifndef PALMARES_TESTS_TOOLS_PALMARES_FAKE_UPLOADS_H_
#define PALMARES_TESTS_TOOLS_PALMARES_FAKE_UPLOADS_H_

#include <grpcpp/impl/service_type.h>

#include <memory>

namespace palmares::tools {

struct FakeData;

// The data must outlive it.
std::unique_ptr<grpc::Service> MakeFakeUploads(FakeData& data);

}  // namespace palmares::tools

#endif  // PALMARES_TESTS_TOOLS_PALMARES_FAKE_UPLOADS_H_
