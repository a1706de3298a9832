// What a server is built with, for those who have to name every service of it.
#ifndef PALMARES_SERVICES_SERVER_SERVICE_NAMES_H_
#define PALMARES_SERVICES_SERVER_SERVICE_NAMES_H_

#include <grpcpp/impl/server_builder_option.h>

#include <memory>
#include <string>
#include <vector>

namespace palmares::server {

// An option of a grpc::ServerBuilder whose BuildAndStart writes the full name of every registered service
// ("palmares.v1.RaceService"; reflection's too) to `names`, which must live until then.
std::unique_ptr<grpc::ServerBuilderOption> TellServiceNames(std::vector<std::string>* names);

}  // namespace palmares::server

#endif  // PALMARES_SERVICES_SERVER_SERVICE_NAMES_H_
