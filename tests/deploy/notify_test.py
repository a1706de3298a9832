"""palmaresd tells the service manager when it is ready and when it stops, as a unit of Type=notify wants.

  notify_test.py PALMARESD
"""
import os
import signal
import socket
import subprocess
import sys
import tempfile


def main():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(folder + "/notify")
        manager.settimeout(60)
        environment = os.environ | {"NOTIFY_SOCKET": folder + "/notify"}
        command = [sys.argv[1], "--data", folder + "/data", "--listen", "127.0.0.1:0"]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
            try:
                assert manager.recv(1024) == b"READY=1"
                ready = server.stdout.readline()
                assert ready.startswith("palmaresd is ready on 127.0.0.1:"), ready
                server.send_signal(signal.SIGTERM)
                assert manager.recv(1024) == b"STOPPING=1"
                assert server.stdout.read() == "", "one line when it is ready, and nothing else"
                assert server.wait(60) == 0
            finally:
                server.kill()


main()
