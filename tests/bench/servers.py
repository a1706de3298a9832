"""The servers that tools/bench measures: each on a private directory, on a Unix socket or a port of this machine."""
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

POSTGRES_PROGRAMS = Path("/usr/lib/postgresql/15/bin")
# Durable at each commit, as all others; with the memory and the log that its manual advises for such a load.
POSTGRES_SETTINGS = {
    "listen_addresses": "''", "fsync": "on", "synchronous_commit": "on", "shared_buffers": "1GB", "max_wal_size": "4GB",
    "checkpoint_timeout": "15min", "max_connections": "100", "autovacuum": "on",
}


class Failed(Exception):
    pass


def wait_for(what, is_there, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_there():
        if time.monotonic() > deadline:
            raise Failed(f"{what} did not become ready within {seconds} s")
        time.sleep(0.002)


def resident(process):
    """Memory of the process in bytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise Failed(f"process {process} is gone")


def on_disk(path):
    # Files may vanish meanwhile. Not the blocks: space is set aside for logs that is not used yet.
    return int(subprocess.run(["du", "-s", "--apparent-size", "--block-size=1", str(path)], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False).stdout.split()[0])


class Stores:
    """All of them; leaving the context ends the servers and removes what they stored."""

    def __init__(self, build, parent, without):
        self.build, self.without = build, set(without)
        self.folder = Path(tempfile.mkdtemp(prefix="palmares-bench-", dir=parent))
        self.folder.chmod(0o711)  # PostgreSQL runs as another user
        self.processes = {}
        self.addresses = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.stop(name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, name, command, **options):
        log = open(self.folder / f"{name}.log", "a", encoding="utf-8")
        with log:
            self.processes[name] = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log,
                                                    **{"stdout": log, **options})

    def stop(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGINT if name == "postgresql" else signal.SIGTERM)  # INT: does not wait for clients
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()

    def check_running(self, name):
        if self.processes[name].poll() is not None:
            text = (self.folder / f"{name}.log").read_text(errors="replace")
            raise Failed(f"{name} ended by itself:\n{text[-2000:]}")

    def start_with_address(self, name, command):
        """Starts a server whose first line ends with its address."""
        self.start(name, command, stdout=subprocess.PIPE, text=True)
        line = self.processes[name].stdout.readline()
        if " ready on " not in " " + line:
            self.check_running(name)
            raise Failed(f"{name} said {line!r} instead of where it is")
        self.addresses[name] = line.split()[-1]

    def start_palmares(self):
        self.start_with_address("palmares", [self.build / "services/server/palmaresd", "--data", self.folder / "palmares",
                                             "--listen", self.addresses.get("palmares", "127.0.0.1:0")])

    def start_all(self):
        self.start_palmares()
        self.start_with_address("echo", [self.build / "tests/bench/palmares_bench", "echo", "--real",
                                         self.addresses["palmares"]])
        for name in ("rocksdb", "sqlite"):
            (self.folder / name).mkdir()
        if "redis" not in self.without:
            self.start_redis()
        if "postgresql" not in self.without:
            self.start_postgresql()

    def restart_palmares(self):
        """Seconds from the start of the program until it is ready; what is stored is in the system's memory still."""
        self.stop("palmares")
        began = time.monotonic()
        self.start_palmares()
        return time.monotonic() - began

    def start_redis(self):
        folder = self.folder / "redis"
        folder.mkdir()
        socket = folder / "socket"
        self.start("redis", ["redis-server", "--port", "0", "--unixsocket", socket, "--dir", folder, "--save", "",
                             "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no"])
        wait_for("Redis", lambda: self.check_running("redis") or socket.exists())

    def start_postgresql(self):
        folder = self.folder / "postgresql"
        folder.mkdir(mode=0o700)
        identity = {}
        if os.geteuid() == 0:  # it refuses to run as root
            user = pwd.getpwnam("postgres")
            os.chown(folder, user.pw_uid, user.pw_gid)
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        made = subprocess.run([POSTGRES_PROGRAMS / "initdb", "-D", folder / "data", "-U", "bench", "-A", "trust", "-E", "UTF8",
                               "--locale=C", "-N"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/",
                              check=False, **identity)
        if made.returncode != 0:
            raise Failed(f"initdb failed:\n{made.stdout[-2000:]}")
        settings = [f"-c{name}={value.strip(chr(39))}" for name, value in POSTGRES_SETTINGS.items()]
        self.start("postgresql", [POSTGRES_PROGRAMS / "postgres", "-D", folder / "data", "-k", folder, *settings], cwd="/",
                   **identity)
        ready = [POSTGRES_PROGRAMS / "pg_isready", "-q", "-h", folder]
        wait_for("PostgreSQL", lambda: self.check_running("postgresql") or
                 subprocess.run(ready, cwd="/", check=False).returncode == 0)

    def options(self, peers):
        """What tells the load where everybody is."""
        token = (self.folder / "palmares/operator.token").read_text().strip()
        options = [f"--token={token}"]
        for name in ("palmares", "echo"):
            options += [f"--{name}={self.addresses[name]}", f"--{name}-process={self.processes[name].pid}"]
        if peers:
            options += ["--postgres=host={} dbname=postgres user=bench".format(self.folder / "postgresql")] * (
                "postgresql" not in self.without)
            options += [f"--redis={self.folder}/redis/socket"] * ("redis" not in self.without)
            options += [f"--sqlite={self.folder}/sqlite/file"] * ("sqlite" not in self.without)
            options += [f"--rocksdb={self.folder}/rocksdb"] * ("rocksdb" not in self.without)
        return options

    def ask_postgresql(self, command):
        psql = [POSTGRES_PROGRAMS / "psql", "-h", self.folder / "postgresql", "-U", "bench", "-Atqc", command, "postgres"]
        return subprocess.run(psql, stdout=subprocess.PIPE, text=True, cwd="/", check=True).stdout.strip()

    def settle(self):
        """Lets PostgreSQL do at once what it would do by itself in time, so that its answers are as quick as they can be."""
        if "postgresql" not in self.without:
            self.ask_postgresql("vacuum analyze")

    def sizes(self):
        """Bytes on disk and in memory by contender; 0 where that says nothing about what is stored."""
        sizes = {"palmares": (on_disk(self.folder / "palmares"), resident(self.processes["palmares"].pid))}
        if "redis" not in self.without:
            sizes["redis"] = (on_disk(self.folder / "redis"), resident(self.processes["redis"].pid))
        if "postgresql" not in self.without:
            size = self.ask_postgresql("select coalesce(pg_total_relation_size(to_regclass('result')), 0)")
            sizes["postgresql"] = (int(size), 0)
        if "sqlite" not in self.without:
            sizes["sqlite"] = (on_disk(self.folder / "sqlite"), 0)
        return sizes
