"""The image's second stage has every library that the programs in it are linked with, and nothing it does not need.

  image_test.py PROGRAM...
"""
import re
import subprocess
import sys
from pathlib import Path

CONTAINERFILE = Path(__file__).resolve().parents[2] / "deploy" / "Containerfile"


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def installed():
    """The packages that the last stage installs."""
    last = CONTAINERFILE.read_text().rsplit("\nFROM ", 1)[1]
    words = re.search(r"--no-install-recommends(.*?)&&", last.replace("\\\n", " "), re.DOTALL).group(1)
    return set(words.split())


def closure(packages):
    """The packages with all that they depend on, as this machine has them."""
    depends = {}
    for line in output("dpkg-query", "-W", "-f", "${Package}\t${Depends}, ${Pre-Depends}\n").splitlines():
        name, _, text = line.partition("\t")
        depends[name] = re.findall(r"(?:^|[,|] *)([a-z0-9][a-z0-9+.-]+)", text)
    seen, todo = set(), list(packages)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += depends.get(name, [])
    return seen


def needed(programs):
    """The packages of the libraries that the programs load."""
    paths = {path for program in programs for path in re.findall(r"=> (/\S+)", output("ldd", program))}
    # dpkg knows most libraries by their path before /lib became a link to /usr/lib. Asked once, because it reads all its lists.
    known = {path: {path, str(Path(path).resolve()), path.removeprefix("/usr")} for path in paths}
    said = subprocess.run(["dpkg", "-S", *sorted(set().union(*known.values()))], capture_output=True, text=True).stdout
    packages = {}
    for line in said.splitlines():
        owner, _, path = line.partition(": ")
        packages[path] = owner.split(":")[0]
    return {next((packages[name] for name in known[path] if name in packages), f"no package ({path})") for path in paths}


def main():
    listed = installed()
    there = closure(listed)
    wanted = needed(sys.argv[1:])
    missing = sorted(wanted - there)
    # What stands there for its own sake: certificates for clients, what the server runs to make PDF, and what something
    # listed needs itself.
    idle = sorted(listed - {"ca-certificates", "weasyprint", "fonts-dejavu-core"} - closure(wanted))
    if missing:
        print(f"{CONTAINERFILE.name}: the programs are linked with packages it does not install: {missing}")
    if idle:
        print(f"{CONTAINERFILE.name}: installs packages that no program is linked with: {idle}")
    return 1 if missing or idle or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
