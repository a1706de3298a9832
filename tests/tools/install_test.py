"""What tools/install installs for whom: who only builds and runs the programs waits for nothing else."""
import subprocess
import unittest
from pathlib import Path

INSTALL = Path(__file__).resolve().parents[2] / "tools" / "install"


def listed(job):
    return set(subprocess.run([INSTALL, job, "--list"], capture_output=True, text=True, check=True).stdout.split())


class InstallTest(unittest.TestCase):
    def test_a_build_needs_neither_node_nor_tests_nor_what_lays_out_pdfs(self):
        demo = listed("demo")
        self.assertIn("libgrpc++-dev", demo)
        for heavy in ("nodejs", "npm", "weasyprint", "libgtest-dev", "clang-tidy-14", "g++", "nginx-light", "python3"):
            self.assertNotIn(heavy, demo)

    def test_every_other_job_can_build_too_and_run_the_tests(self):
        for job in ("test", "lint", "bench"):
            with self.subTest(job):
                self.assertLess(listed("demo"), listed(job))
                self.assertLess({"nodejs", "npm", "weasyprint", "libgtest-dev"}, listed(job))

    def test_a_job_that_nobody_knows_is_usage(self):
        for arguments in ([], ["tests"], ["demo", "--lst"], ["demo", "test"]):
            with self.subTest(arguments):
                done = subprocess.run([INSTALL, *arguments], capture_output=True, text=True)
                self.assertEqual(2, done.returncode)
                self.assertIn("tools/install demo|test|lint|bench", done.stderr)


if __name__ == "__main__":
    unittest.main()
