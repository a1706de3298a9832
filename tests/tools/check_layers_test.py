"""What tools/check_layers lets pass and what it names, on small made-up repositories."""
import importlib.machinery
import importlib.util
import sys
import unittest
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_layers"
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("check_layers", str(TOOL))
check = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_layers", loader))
loader.exec_module(check)


def breaches(path, text):
    return list(check.breaches({path: text}))


class IncludeTest(unittest.TestCase):
    ALLOWED = [
        ("services/athletics/mark.cc", "absl/strings/str_cat.h"),
        ("services/athletics/mark.cc", "vector"),
        ("services/athletics/mark.cc", "services/athletics/date.h"),
        ("storage/ledger.cc", "rocksdb/db.h"),
        ("storage/entry.cc", "storage/stored.pb.h"),
        ("storage/entry.cc", "google/protobuf/message_lite.h"),
        ("services/rankings/board.cc", "services/results/result.h"),
        ("services/rankings/board.cc", "storage/ledger.h"),
        ("services/rankings/board.cc", "palmares/v1/ranking.pb.h"),
        ("services/rankings/board.cc", "services/rankings/board_internal.h"),
        ("services/rankings/ranking_service.cc", "grpcpp/grpcpp.h"),
        ("services/rankings/ranking_service.cc", "palmares/v1/rankings.grpc.pb.h"),
        ("services/rpc/status.h", "grpcpp/support/status.h"),
        ("services/server/main.cc", "services/rankings/ranking_service.h"),
        ("tools/palmares/main.cc", "grpcpp/grpcpp.h"),
        ("tests/services/rankings/board_test.cc", "services/rankings/board_internal.h"),
        ("tests/storage/ledger_test.cc", "rocksdb/db.h"),
    ]
    REFUSED = [
        ("services/athletics/mark.cc", "storage/ledger.h", "storage is above sport"),
        ("services/athletics/mark.cc", "palmares/v1/mark.pb.h", "knows nothing of the contract"),
        ("services/athletics/mark.cc", "rocksdb/slice.h", "standard library, abseil"),
        ("services/athletics/mark.cc", "unicode/uchar.h", "standard library, abseil"),
        ("storage/ledger.cc", "services/results/result.h", "is above storage"),
        ("storage/ledger.cc", "palmares/v1/entry.pb.h", "knows nothing of the contract"),
        ("storage/ledger.cc", "grpcpp/grpcpp.h", "gRPC is for"),
        ("services/rankings/board.cc", "rocksdb/db.h", "known to storage alone"),
        ("services/rankings/board.cc", "grpcpp/grpcpp.h", "gRPC is for"),
        ("services/rankings/board.cc", "palmares/v1/rankings.grpc.pb.h", "gRPC is for"),
        ("services/rankings/board.cc", "services/results/sheet_internal.h", "internal to capability results"),
        ("services/rankings/board.cc", "services/server/server.h", "face is above"),
        ("services/server/main.cc", "rocksdb/db.h", "known to storage alone"),
    ]

    def test_what_a_layer_may_use_passes(self):
        for path, header in self.ALLOWED:
            for form in (f'#include "{header}"\n', f"  # include <{header}>\n"):
                with self.subTest(path=path, header=header):
                    self.assertEqual([b for b in breaches(path, form) if "includes" in b], [])

    def test_an_upward_or_sideways_include_is_named_with_its_line(self):
        for path, header, why in self.REFUSED:
            with self.subTest(path=path, header=header):
                found = breaches(path, f'// first\n#include "{header}"\n')
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith(f"{path}:2: includes {header}: "), found[0])
                self.assertIn(why, found[0])

    def test_a_commented_include_is_none(self):
        self.assertEqual(breaches("storage/ledger.cc", '// #include "grpcpp/grpcpp.h"\n'), [])


class TargetTest(unittest.TestCase):
    def links(self, sport, storage):
        return list(
            check.breaches(
                {
                    "services/athletics/CMakeLists.txt": f"palmares_library(sport SOURCES a.cc DEPS {sport})",
                    "storage/CMakeLists.txt": f"palmares_library(store\n  SOURCES b.cc # DEPS grpc\n  DEPS {storage})",
                }
            )
        )

    def test_lower_targets_and_own_libraries_may_be_linked(self):
        self.assertEqual(self.links("absl::status", "sport RocksDB::rocksdb-shared"), [])

    def test_an_upward_link_is_named(self):
        self.assertIn("links store: storage is above sport", self.links("store", "absl::status")[0])

    def test_foreign_libraries_stay_in_their_layers(self):
        self.assertIn("links RocksDB::rocksdb", self.links("RocksDB::rocksdb", "sport")[0])
        self.assertIn("links gRPC::grpc++", self.links("absl::status", "gRPC::grpc++")[0])

    def test_targets_that_link_each_other_are_named(self):
        found = list(
            check.breaches(
                {
                    "services/a/CMakeLists.txt": "palmares_library(a SOURCES a.cc DEPS b)",
                    "services/b/CMakeLists.txt": "palmares_library(b SOURCES b.cc DEPS a)",
                }
            )
        )
        self.assertEqual(len(found), 2, found)
        self.assertIn("target a links itself", found[0])


class FileTest(unittest.TestCase):
    def test_a_header_guard_follows_its_path(self):
        good = "#ifndef PALMARES_STORAGE_KEY_CODEC_H_\n#define PALMARES_STORAGE_KEY_CODEC_H_\n#endif\n"
        self.assertEqual(breaches("storage/key_codec.h", good), [])
        self.assertIn("PALMARES_STORAGE_CODEC_H_", breaches("storage/codec.h", good)[0])

    def test_a_path_of_a_machine_is_named(self):
        for folder in ("work", "home", "root", "Users"):
            with self.subTest(folder=folder):
                found = breaches("tools/x.md", f"see\n/{folder}/somebody/x\n")
                self.assertEqual(len(found), 1, found)
                self.assertTrue(found[0].startswith("tools/x.md:2: "), found[0])

    def test_a_path_that_only_looks_like_one_passes(self):
        self.assertEqual(breaches("tools/x.md", "build/home/x ${root}/work/x https://example.org/home/x"), [])

    def test_the_top_level_is_fixed(self):
        self.assertEqual(breaches("README.md", "") + breaches(".ci/run", "") + breaches("deploy/x", ""), [])
        self.assertEqual(len(breaches("notes.md", "") + breaches("util/x.md", "")), 2)


class RepositoryTest(unittest.TestCase):
    def test_this_repository_keeps_its_layers(self):
        self.assertEqual(list(check.breaches(check.read(TOOL.parents[1]))), [])


if __name__ == "__main__":
    unittest.main()
