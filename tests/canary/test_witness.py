"""What the witness makes of the words of strace: lines as it writes them, paths and strings in hex."""

from pathlib import Path

from tests.canary.witness import Seen, read_of


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def told(*lines: str) -> Seen:
    return read_of("\n".join(f"4711 {line}" for line in lines), Path("/run-of-its-own"))


WAL = hexed("/a/records.sqlite3-wal")
SOCKET = f"9<{hexed('TCP:[127.0.0.1:1->127.0.0.1:2]')}>"


def test_what_is_written_into_a_file_is_put_together_whoever_wrote_it():
    seen = told(
        f'pwrite64(7<{WAL}>, "{hexed("he")}", 2, 0) = 2',
        f'write(7<{WAL}>, "{hexed("ll")}", 2 <unfinished ...>',
        f'writev(7<{WAL}>, [{{iov_base="{hexed("o")}", iov_len=1}}, {{iov_base="{hexed("!")}", iov_len=1}}], 2) = 2',
        f'write({SOCKET}, "{hexed("not this")}", 8) = 8',
        f'write(1<{hexed("pipe:[77]")}>, "{hexed("nor this")}", 8) = 8',
        f'write(2<{hexed("/dev/null")}<char 1:3>>, "{hexed("gone")}", 4) = 4',
    )
    assert {path: bytes(content) for path, content in seen.written.items()} == {
        "/a/records.sqlite3-wal": b"hello!",
        "/dev/null": b"gone",
    }


def test_a_file_that_is_deleted_says_so():
    seen = told(f'write(4<{hexed("/a/#123")}>(deleted), "{hexed("words")}", 5) = 5')
    assert seen.written == {"/a/#123 (deleted)": bytearray(b"words")}


def test_paths_that_are_opened_to_write_and_no_others():
    here = f"AT_FDCWD<{hexed('/run-of-its-own')}>"
    seen = told(
        f'openat({here}, "{hexed("/a/log")}", O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0666) = 3<{hexed("/a/log")}>',
        f'openat({here}, "{hexed("core")}", O_RDWR|O_CREAT <unfinished ...>',
        f'openat({here}, "{hexed("/a/tmp")}", O_RDWR|O_EXCL|O_TMPFILE, 0600) = 4<{hexed("/a/tmp/#1")}>(deleted)',
        f'openat({here}, "{hexed("/etc/hosts")}", O_RDONLY|O_CLOEXEC) = 5<{hexed("/etc/hosts")}>',
        f'creat("{hexed("/a/old")}", 0600) = 6',
    )
    assert seen.opened == {"/a/log", "/run-of-its-own/core", "/a/tmp", "/a/old"}


def test_what_else_makes_a_file_and_whom_it_speaks_to():
    seen = told(
        f'rename("{hexed("/a/b")}", "{hexed("/a/c")}") = 0',
        f'memfd_create("{hexed("hidden")}", MFD_CLOEXEC) = 8',
        f'connect({SOCKET}, {{sa_family=AF_INET, sin_port=htons(6379), sin_addr=inet_addr("{hexed("127.0.0.1")}")}}, 16) = 0',
        f'connect(9, {{sa_family=AF_UNIX, sun_path="{hexed("/run/a")}"}}, 9) = -1 ENOENT (No such file or directory)',
    )
    assert seen.moved == ["rename /a/b, /a/c", "memfd_create hidden"]
    assert seen.called == {("AF_INET", "127.0.0.1", 6379), ("AF_UNIX", "/run/a", 0)}
