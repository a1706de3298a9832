"""Turns HTML into PDF by WeasyPrint, one document after another; its other end is pdf_converter.cc.

  pdf_worker.py SECONDS BYTES     most processor time and memory of one document

Standard input: a length (8 bytes, big-endian) and so many bytes of HTML, again and again; its end ends the program.
Standard output: a byte (0 done, 1 failed), a length as above, and the PDF or an English sentence; a first answer, without
content, says that the program is ready or why it cannot be.

Each document is laid out in a process of its own, forked from this one with everything loaded, so that none sees another
and a limit ends it alone. It can load nothing: WeasyPrint's fetcher refuses every address, and sockets and programs are
refused whoever asks for them.
"""
import gc
import os
import resource
import struct
import sys

LARGEST_PDF = 64 << 20
REFUSED = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "urllib.", "http.", "ftplib.")


def read(size):
    data = sys.stdin.buffer.read(size)
    return data if len(data) == size else None


def answer(failed, content):
    sys.stdout.buffer.write(struct.pack(">BQ", failed, len(content)) + content)
    sys.stdout.buffer.flush()


def refuse(url, *_, **__):
    raise ValueError("a portfolio has nothing outside it")


def guard(event, _):
    if event.startswith(REFUSED):
        raise PermissionError(event)


def limit(seconds, memory):
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, LARGEST_PDF),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def convert(weasyprint, html):
    # PDF/UA: tagged, so that it can be read aloud.
    return weasyprint.HTML(string=html.decode(), url_fetcher=refuse).write_pdf(variant="pdf/ua-1")


def convert_apart(weasyprint, html, seconds, memory):
    """What a process of its own makes of the HTML: whether it failed, and the PDF or why."""
    file = os.memfd_create("pdf")
    process = os.fork()
    if process == 0:
        status = 1
        try:
            gc.disable()  # it lives for one document
            limit(seconds, memory)
            sys.addaudithook(guard)
            os.truncate(file, 0)
            with open(file, "wb", closefd=False) as out:
                out.write(convert(weasyprint, html))
            status = 0
        except BaseException as error:  # whatever it is, this process ends here
            os.write(file, f"{type(error).__name__}: {error}"[:500].encode())
        finally:
            os._exit(status)
    _, status = os.waitpid(process, 0)
    os.lseek(file, 0, os.SEEK_SET)
    with open(file, "rb") as made:
        content = made.read()
    if os.WIFSIGNALED(status):
        return 1, f"ended by signal {os.WTERMSIG(status)}: over its limit of time or memory".encode()
    return int(status != 0), content


def main():
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    try:
        import weasyprint

        convert(weasyprint, b"<p>ready")  # loads the fonts, once for all
    except Exception as error:
        answer(1, f"{type(error).__name__}: {error}".encode())
        return
    gc.collect()
    gc.freeze()
    answer(0, b"")
    while (header := read(8)) is not None:
        html = read(struct.unpack(">Q", header)[0])
        if html is None:
            return
        answer(*convert_apart(weasyprint, html, seconds, memory))


main()
