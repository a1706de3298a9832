"""A large import over a line that is cut: the client goes on where it was, and the sheet is there once, whole."""
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

PALMARESD, PALMARES = sys.argv[1:3]
RUNNERS = 60_000
CUT_AFTER = 700_000  # bytes that a connection may carry before it is cut
CUTS = 3

MANIFEST = """[event]
id = "big-run"
name = "Big Run"
country = "USA"
timezone = "America/New_York"
[edition]
id = "2024"
date = 2024-05-05
[[race]]
id = "open"
name = "Open"
discipline = "marathon"
places_by = "gun"
results = "big.csv"
"""


class CuttingProxy:
    """Carries bytes to a server and back, and cuts the first connections off after a while."""

    def __init__(self, port):
        self.port, self.cuts, self.carried = port, CUTS, 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def address(self):
        return "127.0.0.1:%d" % self.listener.getsockname()[1]

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.port))
            limit = CUT_AFTER if self.cuts > 0 else None
            threading.Thread(target=self.carry, args=(client, server, limit), daemon=True).start()
            threading.Thread(target=self.carry, args=(server, client, None), daemon=True).start()

    def carry(self, source, sink, limit):
        carried = 0
        try:
            while data := source.recv(65536):
                carried += len(data)
                if limit is not None:
                    self.carried += len(data)
                if limit is not None and carried > limit:
                    self.cuts -= 1
                    break
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()


class CutUploadTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.server = subprocess.Popen(
            [PALMARESD, "--data", str(self.root / "data"), "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        ready = self.server.stdout.readline()
        self.port = int(ready.rsplit(":", 1)[1].split()[0].strip("\".,"))
        self.token = (self.root / "data" / "operator.token").read_text().strip()

    def tearDown(self):
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        self.folder.cleanup()

    def palmares(self, server, *arguments):
        environment = dict(os.environ, PALMARES_SERVER=server, PALMARES_TOKEN=self.token)
        return subprocess.run([PALMARES, *arguments], env=environment, capture_output=True, text=True)

    def test_the_client_goes_on_where_it_was(self):
        rows = ["bib,name,sex,age,gun"]
        for bib in range(1, RUNNERS + 1):
            seconds = 8000 + bib // 4
            rows.append("%d,Runner Number%d,%s,%d,%d:%02d:%02d" %
                        (bib, bib, "MW"[bib % 2], 20 + bib % 60, seconds // 3600, seconds // 60 % 60, seconds % 60))
        (self.root / "big.csv").write_text("\n".join(rows) + "\n")
        (self.root / "big.toml").write_text(MANIFEST)
        proxy = CuttingProxy(self.port)
        done = self.palmares(proxy.address(), "import", str(self.root / "big.toml"), "--output", "json")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertLessEqual(proxy.cuts, 0)
        self.assertIn("cut off, sending goes on", done.stderr)
        report = json.loads(done.stdout)["report"]
        self.assertTrue(report["accepted"])
        self.assertEqual(RUNNERS, report["rowsAdded"])
        self.assertEqual(1, report["revision"])
        listed = self.palmares("127.0.0.1:%d" % self.port, "results", "list", "2024/races/open", "--limit", "1",
                               "--output", "json")
        self.assertEqual(RUNNERS, json.loads(listed.stdout)["totalSize"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
