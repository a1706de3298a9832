"""What palmaresd says of the address it is to listen on: taken, or open to others without encryption."""
import os
import socket
import subprocess
import sys
import tempfile
import unittest

PALMARESD = sys.argv[1]


def try_to_start(folder, *options):
    return subprocess.run([PALMARESD, "--data", folder + "/data", *options], capture_output=True, text=True, timeout=60)


def start_and_stop(folder, listen):
    """What it logs when it starts on this address and is ended."""
    server = subprocess.Popen([PALMARESD, "--data", folder + "/data", "--listen", listen], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
    ready = server.stdout.readline()
    server.terminate()
    log = server.communicate(timeout=60)[1]
    return ready, log


class PortTakenTest(unittest.TestCase):
    def test_one_line_names_the_address_and_a_first_start_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as other:
            address = "127.0.0.1:%d" % other.getsockname()[1]
            done = try_to_start(folder, "--listen", address)
            self.assertEqual([], os.listdir(folder))
        self.assertEqual(1, done.returncode)
        self.assertEqual("", done.stdout)
        self.assertEqual("palmaresd: cannot listen on %s: is the address right, and free?\n" % address, done.stderr)

    def test_data_that_is_there_stays_and_the_line_is_the_same(self):
        with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as other:
            start_and_stop(folder, "127.0.0.1:0")
            address = "127.0.0.1:%d" % other.getsockname()[1]
            done = try_to_start(folder, "--listen", address)
            self.assertTrue(os.path.exists(folder + "/data/operator.token"))
        self.assertEqual(1, done.returncode)
        # The log's own lines are JSON.
        said = [line for line in done.stderr.splitlines() if not line.startswith("{")]
        self.assertEqual(["palmaresd: cannot listen on %s: is the address right, and free?" % address], said)
        self.assertNotIn("grpc", done.stderr)

    def test_a_first_start_with_a_wrong_certificate_leaves_nothing_behind(self):
        with tempfile.TemporaryDirectory() as folder:
            done = try_to_start(folder, "--listen", "127.0.0.1:0", "--tls-certificate", "none.crt", "--tls-key", "none.key")
            self.assertEqual([], os.listdir(folder))
        self.assertEqual(1, done.returncode)
        self.assertIn("tls.certificate", done.stderr)


class ClearTextTest(unittest.TestCase):
    def test_listening_for_other_machines_without_encryption_is_warned_of(self):
        with tempfile.TemporaryDirectory() as folder:
            ready, log = start_and_stop(folder, "0.0.0.0:0")
        self.assertIn("palmaresd is ready on 0.0.0.0:", ready)
        warnings = [line for line in log.splitlines() if '"event":"unencrypted"' in line]
        self.assertEqual(1, len(warnings), log)
        self.assertIn('"level":"warning"', warnings[0])
        self.assertIn("tokens and all data travel in clear text", warnings[0])

    def test_listening_for_this_machine_alone_is_not(self):
        with tempfile.TemporaryDirectory() as folder:
            _, log = start_and_stop(folder, "127.0.0.1:0")
        self.assertNotIn("unencrypted", log)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
