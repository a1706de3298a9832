"""A port that another program has: palmaresd says so in one line, and ends."""
import socket
import subprocess
import sys
import tempfile
import unittest

PALMARESD = sys.argv[1]


class PortTakenTest(unittest.TestCase):
    def test_one_line_names_the_address(self):
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as other:
            address = "127.0.0.1:%d" % other.getsockname()[1]
            done = subprocess.run([PALMARESD, "--data", folder + "/data", "--listen", address], capture_output=True,
                                  text=True, timeout=60)
        self.assertEqual(1, done.returncode)
        self.assertEqual("", done.stdout)
        # The log's own lines, of the token that a first start writes, are JSON.
        said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
        self.assertEqual(["palmaresd: cannot listen on %s: is the address right, and free?" % address], said)
        self.assertNotIn("grpc", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
